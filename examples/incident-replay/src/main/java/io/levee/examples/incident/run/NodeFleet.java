package io.levee.examples.incident.run;

import io.levee.examples.incident.script.Scenario;
import io.levee.examples.incident.script.Step;
import io.levee.examples.incident.timeline.Event.Kind;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The memcached processes of a run. For one thread. */
final class NodeFleet implements AutoCloseable {
    private final List<MemcachedNode> nodes = new ArrayList<>();
    private final List<NodeStatus> statuses = new ArrayList<>();
    private final EventLog events;
    private final Crowd crowd;

    /**
     * Starts them.
     *
     * @param firstPort the first node's, the others follow; 0, or ports that are taken, for any
     */
    NodeFleet(MemcachedBinary binary, Scenario scenario, int firstPort, EventLog events) {
        this.events = events;
        boolean portsFree = firstPort > 0
                && IntStream.range(firstPort, firstPort + scenario.nodes()).allMatch(NodeFleet::isFree);
        try {
            for (int number = 0; number < scenario.nodes(); number++) {
                nodes.add(MemcachedNode.builder()
                        .binary(binary)
                        .port(portsFree ? firstPort + number : 0)
                        .connectionLimit(scenario.connectionLimit())
                        .start());
                statuses.add(NodeStatus.UP);
            }
        } catch (RuntimeException e) {
            nodes.forEach(MemcachedNode::close);
            throw e;
        }
        this.crowd = new Crowd(addresses(), scenario.connectionLimit());
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    // A fault is noted before it is done, or what a client observes of it would seem to come first; a recovery when it
    // is done.
    void perform(Step step) {
        switch (step.action()) {
            case KILL -> {
                fault(step, NodeStatus.KILLED, "killed");
                nodes.get(step.node()).kill();
            }
            case HANG -> {
                fault(step, NodeStatus.HUNG, "stopped");
                nodes.get(step.node()).hang();
            }
            case START -> {
                statuses.set(step.node(), NodeStatus.STARTING);
                nodes.get(step.node()).start();
                recovery(step, "started, empty");
            }
            case RESUME -> {
                nodes.get(step.node()).resume();
                recovery(step, "goes on");
            }
            case RESTART -> {
                fault(step, NodeStatus.UP, "restarted, empty");
                // The crowd lets the node come up: it would take the connection that tells whether the node answers.
                crowd.standBack(() -> nodes.get(step.node()).restart());
            }
            case CROWD_COMES -> {
                events.add(null, "a crowd takes every connection", Kind.FAULT);
                crowd.come();
            }
            case CROWD_GOES -> {
                crowd.go();
                events.add(null, "the crowd has gone", Kind.RECOVERY);
            }
        }
    }

    private void fault(Step step, NodeStatus status, String what) {
        statuses.set(step.node(), status);
        events.add(name(step.node()), what, Kind.FAULT);
    }

    private void recovery(Step step, String what) {
        statuses.set(step.node(), NodeStatus.UP);
        events.add(name(step.node()), what, Kind.RECOVERY);
    }

    List<NodeStatus> statuses() {
        return List.copyOf(statuses);
    }

    List<InetSocketAddress> addresses() {
        return nodes.stream()
                .map(node -> new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()))
                .toList();
    }

    /** "node 1" for its host:port; the address itself if it is nobody's. */
    String nameOf(String address) {
        for (int number = 0; number < nodes.size(); number++) {
            if (nodes.get(number).address().equals(address)) {
                return name(number);
            }
        }
        return address;
    }

    private static String name(int node) {
        return "node " + (node + 1);
    }

    @Override
    public void close() {
        crowd.close();
        nodes.forEach(MemcachedNode::close);
    }
}
