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
 */
final class NodeBreaker implements BiConsumer<Reply, Throwable> {
    private final CircuitBreaker window;
    private final Consumer<String> onOpen;
    private final int successesToProve;
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicBoolean open = new AtomicBoolean();

    /** Written at most once, so that the success path reads a line that nobody writes. */
    private volatile boolean proven;

    NodeBreaker(BreakerPolicy policy, Consumer<String> onOpen) {
        this.onOpen = onOpen;
        this.successesToProve = policy.window();
        this.window = CircuitBreaker.of(
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

    /** Whether the connection has served: as many operations succeeded as the window is long, the probes among them. */
    boolean isProven() {
        return proven;
    }

    private void succeeded() {
        window.onSuccess(0, TimeUnit.NANOSECONDS);
        if (!proven && successes.incrementAndGet() >= successesToProve) {
            proven = true;
        }
        // The call that fills the window may be a success and still complete a failure rate that is too high.
        openIfTripped("timeout");
    }

    private void failed(String how) {
        window.onError(0, TimeUnit.NANOSECONDS, new OperationFailure());
        openIfTripped(how);
    }

    private void openIfTripped(String how) {
        // Several callers see it open at once; one of them tells.
        if (window.getState() == CircuitBreaker.State.OPEN && open.compareAndSet(false, true)) {
            CircuitBreaker.Metrics metrics = window.getMetrics();
            onOpen.accept(how + ": " + metrics.getNumberOfFailedCalls() + " of the last "
                    + metrics.getNumberOfBufferedCalls() + " operations failed");
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
