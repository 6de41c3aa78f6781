package io.levee.cache.internal.node;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to reach a node: exponential backoff with full jitter, {@code random(0, min(max,
 * first * 2^attempt))}, as in "Exponential Backoff And Jitter" on the AWS Architecture Blog. Full jitter spreads a fleet that
 * lost its node in the same moment; a delay with a fixed part would bring all of it back in waves.
 *
 * <p>Confined to its supervisor's thread.
 */
final class Reconnect {
    private final long firstNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private int attempts;

    Reconnect(long firstNanos, long maxNanos, RandomGenerator random) {
        if (firstNanos < 1 || maxNanos < firstNanos) {
            throw new IllegalArgumentException(
                    "reconnect backoff must be 1 ns or more and not above its maximum, but is " + firstNanos + " ns to "
                            + maxNanos + " ns");
        }
        this.firstNanos = firstNanos;
        this.maxNanos = maxNanos;
        this.random = random;
    }

    /** Counts an attempt and says how long to wait before it. */
    long nextDelayNanos() {
        long ceilingNanos = ceilingNanos();
        attempts++;
        return random.nextLong(ceilingNanos);
    }

    /** The node has proven itself: the next loss begins anew. */
    void reset() {
        attempts = 0;
    }

    /** Attempts since the node last proved itself. */
    int attempts() {
        return attempts;
    }

    private long ceilingNanos() {
        // Doubling would overflow for a node that is dead for years; shifting the maximum down instead cannot.
        return attempts >= Long.SIZE - 1 || firstNanos > maxNanos >> attempts ? maxNanos : firstNanos << attempts;
    }
}
