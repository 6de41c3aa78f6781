package io.levee.cache.internal.generation;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.entry.KeyEncoder;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.node.Rejoin;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The generations of all caches of a client. Every entry carries the generation that its writer knew; a cache is cleared by raising
 * its generation, and who knows a higher one than an entry's refuses the entry.
 *
 * <p>All of them stand in one small record, which every node has under the same key. About once a second this process merges with
 * each node in use what either knows, the higher generation winning, and so it does with a node that comes (back) into use, before
 * it serves. So what one process raised spreads to the others, to nodes that could not be reached at the time, and to nodes that
 * lost their record.
 *
 * <p>While nobody is known to have a record and some node was never reached, the generations of this process are provisional: 0, or
 * what it raised itself, and entries of any generation count. When every node was asked and none has a record, this process begins
 * one with which all that was written before counts as old: it may be from before a clearing that nobody remembers.
 *
 * <p>Thread-safe. Nothing blocks but {@link #beforeServing}. Futures complete on the timer's thread or on the caller's, never
 * exceptionally, and at the latest with {@link #close}.
 */
public final class Generations implements Rejoin, AutoCloseable {
    /** For so long after the nodes were asked their answers count. What is raised elsewhere is seen here no later than that. */
    static final long CONFIRMED_FOR_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String key;
    private final Timer timer;
    private final TimeSource time;
    private final long pollNanos;
    private final Knowledge knowledge = new Knowledge();
    private final Exchange exchange;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Null until the nodes are known. */
    private volatile Poll poll;

    public Generations(String keyPrefix, Timer timer, TimeSource time) {
        this(keyPrefix, timer, time, POLL_NANOS);
    }

    Generations(String keyPrefix, Timer timer, TimeSource time, long pollNanos) {
        this.key = key(keyPrefix);
        this.timer = timer;
        this.time = time;
        this.pollNanos = pollNanos;
        this.exchange = new Exchange(knowledge, step -> {
            Future<?> unused = timer.after(0, step);
        });
    }

    /** The record's key, the same on every node. */
    static String key(String keyPrefix) {
        return KeyEncoder.reserved(keyPrefix, "generations");
    }

    /** The generation of a cache; the same object each time. */
    public Generation of(String cache) {
        return knowledge.of(cache);
    }

    GenerationRecord known() {
        return knowledge.known();
    }

    /**
     * Begins to poll, once. To be called when the first nodes have been attempted.
     *
     * @return completes when each node in use has answered or given up, and a record that had to be begun was begun: entries that
     *     are written before may be refused afterwards
     */
    public CompletableFuture<Void> start(NodeTier nodes) {
        Poll started = new Poll(nodes, knowledge, exchange, node -> Replica.on(node, key), timer, time, pollNanos);
        poll = started;
        return untilClosed(started.start());
    }

    /**
     * Raises the generation of a cache. When this returns, this process refuses all that it wrote before and {@link
     * Generation#whenRisen} has run.
     *
     * <p>A node may know of a clearing that this process has not heard of, by a clock that is ahead: then the generation is raised
     * once more, above that, or entries written since would outlive this clearing.
     *
     * @return completes when each node in use has been told or given up. The others are told when they are back
     */
    public CompletableFuture<Void> raise(String cache) {
        long raised = knowledge.raise(cache, time.millis());
        Poll started = poll;
        if (started == null) {
            return CompletableFuture.completedFuture(null);
        }
        return untilClosed(started.tellAll(cache).thenCompose(theirs -> {
            if (theirs <= raised) {
                return CompletableFuture.completedFuture(theirs);
            }
            knowledge.raise(cache, time.millis());
            return started.tellAll(cache);
        }));
    }

    /**
     * Whether the generations known here are of the last two seconds: every node in use was asked within that time and has answered
     * or given up. A process that was stopped for longer finds that they are not. True while no node is in use, for there is nobody to
     * ask. One volatile read or two and a subtraction, if so.
     *
     * @param nowNanos on the monotonic clock
     */
    public boolean isConfirmed(long nowNanos) {
        Poll started = poll;
        return started == null
                || nowNanos - started.confirmedNanos() < CONFIRMED_FOR_NANOS
                || !started.isAnyNodeServing();
    }

    /**
     * Asks every node in use now, unless that was done a quarter of a second ago or less. What a node says is adopted as it comes,
     * so that who has waited as long as it can may go on with what is known then: a node that does not answer is one that its
     * breaker will soon give up.
     *
     * @return completes when each has answered or given up; for all callers of that time the same
     */
    public CompletableFuture<Void> confirm() {
        Poll started = poll;
        return started == null ? CompletableFuture.completedFuture(null) : untilClosed(started.round());
    }

    @Override
    public void beforeServing(NodeAddress node, NodeConnection connection) throws IOException, InterruptedException {
        try {
            if (exchange.with(Replica.on(node, connection, key)).get().isEmpty()) {
                throw new IOException("connected, but did not say which generations it knows");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the generations could not be exchanged", e.getCause());
        }
    }

    private CompletableFuture<Void> untilClosed(CompletableFuture<?> future) {
        return CompletableFuture.anyOf(future, closed).thenAccept(done -> {});
    }

    /** Ends polling, and whatever waits. To be called before the timer ends. */
    @Override
    public void close() {
        Poll started = poll;
        if (started != null) {
            started.stop();
        }
        closed.complete(null);
    }
}
