package io.levee.cache.internal.refill;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.Restart;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Refills a node that came back empty with the values that this process holds and that are still fresh, so that the database is not
 * asked for them again. Every process of the fleet does; a value that is there already stays, whoever put it there.
 *
 * <p>Bringing back what has been invalidated would be worse than a load. So on a server that was started a short while ago each
 * removal leaves a tombstone, and refilling ends well before the first of them may ({@link Restart#refillUntilNanos}).
 *
 * <p>Begins on the supervisor thread that hears of the node's return, and goes on in short steps of the timer. Never blocks.
 */
public final class WarmUp implements CacheListener {
    /** Runs a step later. */
    @FunctionalInterface
    public interface Later {
        /** After so long, on a thread of the client's that must not block. */
        void after(long nanos, Runnable step);
    }

    private final Function<NodeAddress, Optional<Node>> nodes;
    private final Executor walker;
    private final Later later;
    private final TimeSource time;
    private final CacheListener listener;
    private final List<Stock<?, ?>> stocks = new CopyOnWriteArrayList<>();

    /**
     * Refills for one client.
     *
     * @param walker runs the walk over what is held, which computes for some milliseconds
     */
    public WarmUp(
            Function<NodeAddress, Optional<Node>> nodes,
            Executor walker,
            Later later,
            TimeSource time,
            CacheListener listener) {
        this.nodes = nodes;
        this.walker = walker;
        this.later = later;
        this.time = time;
        this.listener = listener;
    }

    /** From now on, what the cache holds is given back too. */
    public void add(Stock<?, ?> stock) {
        stocks.add(stock);
    }

    @Override
    public void nodeUp(NodeAddress address, Duration downFor) {
        nodes.apply(address)
                .filter(node -> node.restart() != null)
                .ifPresent(node -> begin(node, node.connectionNumber(), node.restart()));
    }

    private void begin(Node node, long connectionNumber, Restart restart) {
        walker.execute(() -> {
            List<Refill.Candidate> candidates = new ArrayList<>();
            for (Stock<?, ?> stock : stocks) {
                stock.localKeys().forEach(key -> candidates.add(new Refill.Candidate(stock, key)));
            }
            // At random: where many processes hold the same values, each sends some that no other has sent yet.
            Collections.shuffle(candidates);
            new Refill(node, connectionNumber, restart, candidates, later, time, listener).begin();
        });
    }
}
