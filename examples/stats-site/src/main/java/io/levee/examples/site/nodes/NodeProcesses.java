package io.levee.examples.site.nodes;

import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedNode;
import java.util.ArrayList;
import java.util.List;

/** The memcached processes that this site has started, and what has been done to them. Thread-safe; a call waits for the one before. */
public final class NodeProcesses implements AutoCloseable {
    /** What a process is doing. */
    public enum ProcessState {
        RUNNING,
        HUNG,
        KILLED
    }

    private final List<MemcachedNode> nodes = new ArrayList<>();
    private final List<ProcessState> states = new ArrayList<>();

    /** Starts so many; each takes a free port and keeps it. */
    public NodeProcesses(MemcachedBinary binary, int count) {
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(MemcachedNode.builder().binary(binary).start());
                states.add(ProcessState.RUNNING);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** {@code host:port} of each, in their order. */
    public List<String> addresses() {
        return nodes.stream().map(MemcachedNode::address).toList();
    }

    /** One for each address. */
    public synchronized List<ProcessState> states() {
        for (int i = 0; i < states.size(); i++) {
            // It may have been killed from outside, which is as good.
            if (!nodes.get(i).isRunning()) {
                states.set(i, ProcessState.KILLED);
            }
        }
        return List.copyOf(states);
    }

    /**
     * Does something to the process of that address.
     *
     * @param before runs right before, if there is something to be done
     * @return false if there is nothing to be done: who is dead cannot be killed
     * @throws IllegalArgumentException if no process of ours has the address
     */
    public synchronized boolean perform(NodeAction action, String address, Runnable before) {
        int i = addresses().indexOf(address);
        if (i < 0) {
            throw new IllegalArgumentException("node must be one of " + addresses() + ", but is " + address);
        }
        MemcachedNode node = nodes.get(i);
        if (!action.isPossible(states().get(i))) {
            return false;
        }
        before.run();
        switch (action) {
            case KILL -> node.kill();
            case HANG -> node.hang();
            case RESUME -> node.resume();
            case RESTART -> node.restart();
        }
        states.set(i, action.leadsTo());
        return true;
    }

    /** Ends them. */
    @Override
    public void close() {
        nodes.forEach(MemcachedNode::close);
    }
}
