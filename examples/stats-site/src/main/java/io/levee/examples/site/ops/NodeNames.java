package io.levee.examples.site.ops;

import io.levee.examples.site.nodes.NodeProcesses;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What people call the nodes: "node 1" for the first that the site has started; others by their address. */
@Component
public class NodeNames {
    private final ObjectProvider<NodeProcesses> processes;

    NodeNames(ObjectProvider<NodeProcesses> processes) {
        this.processes = processes;
    }

    String of(String address) {
        NodeProcesses own = processes.getIfAvailable();
        int i = own == null ? -1 : own.addresses().indexOf(address);
        return i < 0 ? "node " + address : "node " + (i + 1);
    }
}
