package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;

/**
 * Which node holds which key: consistent hashing as libmemcached does it with MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED (its {@code
 * update_continuum} and {@code dispatch_host}), so that clients built on libmemcached find the same node for the same key.
 *
 * <p>Each node has 40 hashes per unit of its share of the weights (rounded down, in single precision as libmemcached has it),
 * and each hash, the MD5 of {@code host-i} or {@code host:port-i} for ports other than 11211, gives four points on a circle of
 * 2<sup>32</sup>. A key belongs to the first point at or after the first four bytes of its MD5. Where two nodes have the same
 * point, the one earlier in the list has it. A node whose weight is tiny beside the others may have no point, and then no key.
 *
 * <p>Immutable and thread-safe; never blocks.
 */
public final class Ring {
    private static final int POINTS_PER_NODE = 160;
    private static final int PORT_LEFT_OUT = 11211;
    private static final double CIRCLE = 0x1p32;

    /** Ascending. */
    private final int[] points;

    /** The node of each point. */
    private final int[] owners;

    private final double[] shares;

    private Ring(long[] sorted, int nodes) {
        points = new int[sorted.length];
        owners = new int[sorted.length];
        shares = new double[nodes];
        long before = (sorted[sorted.length - 1] >> 32) - (1L << 32);
        for (int i = 0; i < sorted.length; i++) {
            long point = sorted[i] >> 32;
            points[i] = (int) point;
            owners[i] = (int) sorted[i];
            shares[owners[i]] += (point - before) / CIRCLE;
            before = point;
        }
    }

    /**
     * Lays out the circle.
     *
     * @param nodes their order names them in {@link #indexOf} and otherwise matters only where points coincide
     * @throws IllegalArgumentException if there is no node, or one is there twice
     */
    public static Ring of(List<NodeAddress> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a ring needs at least one node");
        }
        Set<String> seen = new HashSet<>();
        long totalWeight = 0;
        for (NodeAddress node : nodes) {
            if (!seen.add(node.toString().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("node " + node + " is there twice");
            }
            totalWeight += node.weight();
        }
        LongStream.Builder continuum = LongStream.builder();
        for (int n = 0; n < nodes.size(); n++) {
            NodeAddress node = nodes.get(n);
            String name = node.port() == PORT_LEFT_OUT ? node.host() : node.host() + ":" + node.port();
            int hashes = hashes(node.weight(), totalWeight, nodes.size());
            for (int i = 0; i < hashes; i++) {
                for (int point : KetamaHash.ofRingKey(name + "-" + i)) {
                    continuum.add(((long) point << 32) | n);
                }
            }
        }
        return new Ring(continuum.build().sorted().toArray(), nodes.size());
    }

    /**
     * The node that holds a key, as its index in the list given to {@link #of}.
     *
     * @param key a memcached key: printable ASCII, at most 250 bytes
     */
    public int indexOf(String key) {
        return shares.length == 1 ? 0 : owners[firstPoint(key)];
    }

    /**
     * The first node from the key's own point onwards that is usable; -1 if none is. Asks about a node once for each of its
     * points that it passes.
     */
    public int indexOf(String key, IntPredicate usable) {
        int first = firstPoint(key);
        for (int i = 0; i < owners.length; i++) {
            int owner = owners[(first + i) % owners.length];
            if (usable.test(owner)) {
                return owner;
            }
        }
        return -1;
    }

    /** The share of the circle, and so nearly of the keys, that a node holds: 0 to 1. */
    public double share(int index) {
        return shares[index];
    }

    private int firstPoint(String key) {
        int hash = KetamaHash.ofKey(key);
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (points[middle] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }

    private static int hashes(int weight, long totalWeight, int nodes) {
        // libmemcached's own steps, all in float: another order of them rounds to another number for some weights.
        float share = (float) weight / (float) totalWeight;
        return (int) Math.floor(share * POINTS_PER_NODE / KetamaHash.POINTS_PER_DIGEST * nodes + 0.0000000001f);
    }
}
