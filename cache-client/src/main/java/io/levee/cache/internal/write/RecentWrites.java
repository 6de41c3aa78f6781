package io.levee.cache.internal.write;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.Rejoin;
import io.levee.cache.internal.node.Restart;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The keys that this process put or invalidated lately. A server that is restarted forgets that they were, but other processes may
 * still hold what was there before, without having noticed, and send it when they refill the node. So before the node serves here again,
 * each of these keys gets a tombstone. That costs a load where the value was a new one, and never serves an old one.
 *
 * <p>Bounded: with more than {@value #MOST_KEYS} keys the oldest are forgotten. Thread-safe; nothing blocks but {@link #beforeServing}.
 */
public final class RecentWrites implements Rejoin {
    static final int MOST_KEYS = 20_000;

    /**
     * How long before the loss of a node writes are remembered: what others may send was confirmed up to a minute before they lost
     * it, and they may have lost it, by a partition, some minutes before this process did.
     */
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final int BATCH = 500;

    private final Function<NodeAddress, Optional<Node>> nodes;
    private final Function<String, Node> owner;
    private final TimeSource time;

    /** When each key was written, oldest first. Guarded by itself. */
    private final Map<String, Long> writtenNanos = new LinkedHashMap<>();

    /** @param owner the node that the ring gives a memcached key */
    public RecentWrites(Function<NodeAddress, Optional<Node>> nodes, Function<String, Node> owner, TimeSource time) {
        this.nodes = nodes;
        this.owner = owner;
        this.time = time;
    }

    /** The key is about to be put or invalidated: noted before the node is told, which may be lost in between. */
    void add(String nodeKey) {
        long nowNanos = time.nanos();
        synchronized (writtenNanos) {
            // To the end of the line.
            writtenNanos.remove(nodeKey);
            writtenNanos.put(nodeKey, nowNanos);
            if (writtenNanos.size() > MOST_KEYS) {
                Iterator<String> oldest = writtenNanos.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    @Override
    public void beforeServing(NodeAddress address, NodeConnection connection) throws IOException, InterruptedException {
        Node node = nodes.apply(address).orElse(null);
        Restart restart = node == null ? null : node.restart();
        if (restart == null) {
            return;
        }
        List<String> keys = since(restart.lostNanos() - KEPT_NANOS);
        keys.removeIf(key -> owner.apply(key) != node);
        for (int from = 0; from < keys.size(); from += BATCH) {
            bury(keys.subList(from, Math.min(keys.size(), from + BATCH)), connection);
        }
    }

    private List<String> since(long nanos) {
        List<String> keys = new ArrayList<>();
        synchronized (writtenNanos) {
            writtenNanos.forEach((key, atNanos) -> {
                if (atNanos - nanos >= 0) {
                    keys.add(key);
                }
            });
        }
        return keys;
    }

    private static void bury(List<String> keys, NodeConnection connection) throws IOException, InterruptedException {
        // A tombstone, as the connection knows that its server is young.
        List<CompletableFuture<Reply>> answers =
                keys.stream().map(connection::delete).toList();
        try {
            for (CompletableFuture<Reply> answer : answers) {
                if (!(answer.get() instanceof Reply.Deleted)) {
                    throw new IOException("connected, but could not be told which values are out of date");
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("answers of nodes are never exceptions", e);
        }
    }
}
