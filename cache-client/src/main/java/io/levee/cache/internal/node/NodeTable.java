package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes and the ring over them at one moment; immutable, swapped as a whole. */
final class NodeTable {
    /** Before any node is known: one that is never in use, so that readers need no case of their own. */
    static final NodeTable EMPTY = new NodeTable();

    private final Ring ring;
    private final List<Node> nodes;
    private final List<NodeAddress> addresses;
    private final Node nowhere = new Node(new NodeAddress("no-node-known-yet", 11211, 1), OperationClock.STOPPED);

    private NodeTable() {
        ring = null;
        nodes = List.of();
        addresses = List.of();
    }

    NodeTable(Map<NodeAddress, Node> byAddress) {
        addresses = List.copyOf(byAddress.keySet());
        nodes = addresses.stream().map(byAddress::get).toList();
        ring = Ring.of(addresses);
    }

    Node nodeFor(String key) {
        return ring == null ? nowhere : nodes.get(ring.indexOf(key));
    }

    Node standInFor(String key) {
        if (ring == null) {
            return null;
        }
        int own = ring.indexOf(key);
        int index = ring.indexOf(key, i -> i != own && nodes.get(i).isServing());
        return index < 0 ? null : nodes.get(index);
    }

    List<Node> nodes() {
        return nodes;
    }

    List<NodeAddress> addresses() {
        return addresses;
    }

    Map<NodeAddress, Double> shares() {
        Map<NodeAddress, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < addresses.size(); i++) {
            shares.put(addresses.get(i), ring.share(i));
        }
        return shares;
    }
}
