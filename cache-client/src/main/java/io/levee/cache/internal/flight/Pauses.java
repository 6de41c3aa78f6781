package io.levee.cache.internal.flight;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to pause before each look at what another process is loading. The pauses grow, so that a long load costs few looks, and
 * are jittered, so that the waiting processes do not look in step. For one waiter, and so for one thread at a time.
 */
public final class Pauses {
    private static final long FIRST_NANOS = 5_000_000;
    private static final long LONGEST_NANOS = 250_000_000;

    private long pauseNanos = FIRST_NANOS;

    public long nextNanos() {
        long jittered = pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos / 2);
        pauseNanos = Math.min(LONGEST_NANOS, pauseNanos * 8 / 5);
        return jittered;
    }
}
