package io.levee.cache.internal.node;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.levee.cache.BreakerPolicy;
import io.levee.cache.internal.transport.Reply;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Judges one connection by the outcomes of its operations, and says once when it is to be given up.
 *
 * <p>Resilience4j's circuit breaker is used for its failure-rate window alone. It opens and that is the end of it: the
 * supervisor drops the connection, and the next one has a breaker of its own, so that there is no half-open state here (the
 * supervisor's probe is that) and late outcomes of an old connection count against nobody.
 *
 * <table><caption>What counts</caption>
 * <tr><th>outcome</th><th>counts as</th></tr>
 * <tr><td>an answer: hit, miss, stored, not stored, deleted, too large, alive</td><td>success</td></tr>
 * <tr><td>TIMEOUT, REFUSED</td><td>failure</td></tr>
 * <tr><td>DISCONNECTED</td><td>nothing: the end of a connection is told by {@code onLost}, at once and with its reason</td></tr>
 * <tr><td>SHED, CLOSED</td><td>nothing: they speak of this process, not of the node</td></tr>
 * </table>
 *
 * <p>It is the hook of every operation's future and runs on the connection's I/O thread: it never blocks and never throws.
 * Recording costs Resilience4j some 0.1 to 0.2 microseconds and 250 bytes of garbage, so that a success is recorded only while it
 * can make a difference: a window full of successes is the same window after one more. A healthy node costs one volatile read an
 * operation.
 */
final class NodeBreaker implements BiConsumer<Reply, Throwable> {
    /** Few, so that an idle node proves itself by its probes within a minute; and more than a node at its limit ever answers. */
    private static final int SUCCESSES_TO_PROVE = 8;

    private final CircuitBreaker breaker;
    private final Consumer<String> onOpen;
    private final int window;
    /** How many failures in a window are too many. */
    private final int enough;

    private final AtomicBoolean open = new AtomicBoolean();

    /** Successes since the last failure, up to a full window. */
    private final AtomicInteger successesInARow = new AtomicInteger();

    /** Those that were recorded: at least as many as there were, up to a window. */
    private final AtomicLong successes = new AtomicLong();

    private volatile String lastFailure;

    NodeBreaker(BreakerPolicy policy, Consumer<String> onOpen) {
        this.onOpen = onOpen;
        this.window = policy.window();
        this.enough = Math.max(1, (policy.window() * policy.failureRatePercent() + 99) / 100);
        this.breaker = CircuitBreaker.of(
                "node",
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                policy.window(),
                                policy.window(),
                                SlidingWindowType.COUNT_BASED,
                                SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .failureRateThreshold(policy.failureRatePercent())
                        .build());
    }

    @Override
    public void accept(Reply reply, Throwable error) {
        if (error == null && !(reply instanceof Reply.Unavailable)) {
            succeeded();
        } else if (error != null) {
            failed(error.toString());
        } else {
            Reply.Unavailable unavailable = (Reply.Unavailable) reply;
            switch (unavailable.reason()) {
                case TIMEOUT -> failed("timeout");
                case REFUSED -> failed("refused (" + unavailable.detail() + ")");
                case DISCONNECTED, SHED, CLOSED -> {}
            }
        }
    }

    /** Whether the connection has served: enough operations succeeded, the probes among them. */
    boolean isProven() {
        return successes.get() >= Math.min(window, SUCCESSES_TO_PROVE);
    }

    private void succeeded() {
        int inARow = successesInARow.get();
        if (inARow >= window) {
            return;
        }
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        successes.incrementAndGet();
        // Not an increment: a success that a failure overtook must not be counted after it, or else the failure would
        // never
        // leave the window.
        successesInARow.compareAndSet(inARow, inARow + 1);
        // A success that fills the window may complete a failure rate that is too high.
        openIfTripped();
    }

    private void failed(String how) {
        lastFailure = how;
        breaker.onError(0, TimeUnit.NANOSECONDS, new OperationFailure());
        successesInARow.set(0);
        openIfTripped();
    }

    private void openIfTripped() {
        // Several callers see it open at once; one of them tells.
        if (breaker.getState() == CircuitBreaker.State.OPEN && open.compareAndSet(false, true)) {
            // The policy's numbers: the window's own can have moved on by the time that they are read.
            onOpen.accept(lastFailure + ": " + enough + " or more of the last " + window + " operations failed");
        }
    }

    /** The window takes failures as exceptions and looks only at their type: this one costs no stack trace. */
    private static final class OperationFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OperationFailure() {
            super("operation failed", null, false, false);
        }
    }
}
