package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.transport.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The nodes as one tier: which of them holds a key, and which nodes there are.
 *
 * <p><b>Reading</b> ({@link #nodeFor}, {@link #nodes()}) takes one volatile read of the current {@link NodeTable}. <b>Membership</b>
 * changes under one lock, which is held while newcomers are given the time of one connection attempt, so that keys move to nodes
 * that are there; no reader ever takes it, and nothing that holds it calls out to users except through the events of {@link
 * HealthTracker}. Each node's {@link NodeSupervisor} has a thread of its own and takes no lock.
 */
public final class NodeTier implements AutoCloseable {
    private record Member(Node node, NodeSupervisor supervisor) {}

    private final NodeSettings settings;
    private final Transport transport;
    private final HealthTracker health;
    private final Rejoin rejoin;
    private final OperationClock clock;

    private final Object membership = new Object();
    /** By {@code host:port}: a node keeps its connection when only its weight changes. Guarded by {@code membership}. */
    private Map<String, Member> members = new LinkedHashMap<>();
    /** Their threads may still be on the way out. Guarded by {@code membership}. */
    private final List<NodeSupervisor> retired = new ArrayList<>();

    private volatile NodeTable table = NodeTable.EMPTY;
    private volatile boolean closed;

    /** @param listeners hear of operations, if one of them wants to */
    public NodeTier(
            NodeSettings settings, Transport transport, HealthTracker health, Rejoin rejoin, Listeners listeners) {
        this.settings = settings;
        this.transport = transport;
        this.health = health;
        this.rejoin = rejoin;
        this.clock = new OperationClock(listeners);
    }

    /** The node that holds a key. Never null: while no nodes are known, it is one that is not serving. */
    public Node nodeFor(String key) {
        return table.nodeFor(key);
    }

    /** The node of that host and port, whatever its weight. */
    public Optional<Node> node(NodeAddress address) {
        return table.nodes().stream()
                .filter(node -> node.toString().equals(address.toString()))
                .findFirst();
    }

    /** The node that stands in for a dead one: the next on the ring that serves; null if no other does. */
    public Node standInFor(String key) {
        return table.standInFor(key);
    }

    /** All nodes, in their configured order. */
    public List<Node> nodes() {
        return table.nodes();
    }

    /**
     * Says which nodes there are from now on. Nodes that stay keep their connections; an empty answer changes nothing.
     *
     * <p>The first nodes of all are in the table at once, down until they are reached. Later newcomers are given {@code
     * connectTimeout} to come up before keys move to them, so that this may block for so long.
     *
     * @return whether anything changed
     */
    public boolean nodes(Collection<NodeAddress> addresses) throws InterruptedException {
        Map<String, NodeAddress> wanted = new LinkedHashMap<>();
        addresses.forEach(address -> wanted.putIfAbsent(address.toString(), address));
        synchronized (membership) {
            if (closed || wanted.isEmpty() || List.copyOf(wanted.values()).equals(table.addresses())) {
                return false;
            }
            Map<String, Member> next = new LinkedHashMap<>();
            List<NodeSupervisor> newcomers = new ArrayList<>();
            Map<NodeAddress, Node> nodes = new LinkedHashMap<>();
            wanted.forEach((name, address) -> {
                Member member = members.get(name);
                if (member == null) {
                    member = newcomer(address);
                    newcomers.add(member.supervisor);
                }
                next.put(name, member);
                nodes.put(address, member.node);
            });
            NodeTable nextTable = new NodeTable(nodes);
            health.members(nextTable.shares());
            newcomers.forEach(NodeSupervisor::start);
            if (table != NodeTable.EMPTY) {
                awaitFirstAttemptsOrClose(newcomers);
            }
            nodes.forEach((address, node) -> node.readdress(address));
            table = nextTable;
            retire(next);
            members = next;
            return true;
        }
    }

    /**
     * Waits until each node came up or its first attempt failed, and for {@code connectTimeout} at most: a client that is used
     * right after it was built then finds its nodes in use.
     */
    public void awaitFirstAttempts() throws InterruptedException {
        synchronized (membership) {
            awaitFirstAttempts(members.values().stream().map(Member::supervisor).toList());
        }
    }

    private void awaitFirstAttempts(List<NodeSupervisor> supervisors) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        for (NodeSupervisor supervisor : supervisors) {
            supervisor.awaitFirstAttempt(deadlineNanos);
        }
    }

    private void awaitFirstAttemptsOrClose(List<NodeSupervisor> newcomers) throws InterruptedException {
        try {
            awaitFirstAttempts(newcomers);
        } catch (InterruptedException e) {
            // The client closes. They are no members yet, so that close() would not know them.
            newcomers.forEach(NodeSupervisor::close);
            retired.addAll(newcomers);
            health.members(table.shares());
            throw e;
        }
    }

    private Member newcomer(NodeAddress address) {
        Node node = new Node(address, clock);
        return new Member(node, new NodeSupervisor(node, settings, transport, health, rejoin, new SplittableRandom()));
    }

    private void retire(Map<String, Member> next) {
        retired.removeIf(supervisor -> !supervisor.isRunning());
        members.forEach((name, member) -> {
            if (!next.containsKey(name)) {
                member.supervisor.close();
                retired.add(member.supervisor);
            }
        });
    }

    /**
     * Closes every connection and ends every thread. Waits for threads that are connecting right now, for {@code connectTimeout}
     * at most; one that takes longer closes what it opened as soon as it can.
     */
    @Override
    public void close() {
        closed = true;
        List<NodeSupervisor> all = new ArrayList<>();
        synchronized (membership) {
            all.addAll(retired);
            members.values().forEach(member -> all.add(member.supervisor));
        }
        all.forEach(NodeSupervisor::close);
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        try {
            for (NodeSupervisor supervisor : all) {
                supervisor.join(deadlineNanos);
            }
        } catch (InterruptedException e) {
            // They end by themselves; the caller's interrupt is the caller's.
            Thread.currentThread().interrupt();
        }
    }
}
