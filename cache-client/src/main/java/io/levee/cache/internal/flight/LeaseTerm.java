package io.levee.cache.internal.flight;

import io.levee.cache.LeasePolicy;
import java.util.concurrent.TimeUnit;

/**
 * For how long a cache asks for leases: as its {@link LeasePolicy} says, or for longer while its loads take longer. A load that
 * outlasts its lease has nothing to store its value under, so that a database that has become slow would be asked for the same key
 * again and again.
 *
 * <p>Each process learns from its own loads: it grows with one load, and shrinks over many. Thread-safe, never blocks.
 */
public final class LeaseTerm {
    private static final int LONGEST_SECONDS = 3_600;
    /** The next load may be slower than this one. */
    private static final int TIMES_A_LOAD = 3;

    private static final int SHRINKING_PART = 8;

    private final int policySeconds;
    private volatile int seconds;

    public LeaseTerm(LeasePolicy policy) {
        policySeconds = (int) policy.ttl().toSeconds();
        seconds = policySeconds;
    }

    /** Whole seconds, as memcached takes them. */
    public int seconds() {
        return seconds;
    }

    /** For how long a lease of this moment is sure to hold: memcached's seconds may end up to one sooner. */
    public long surelyNanos() {
        return TimeUnit.SECONDS.toNanos(seconds - 1L);
    }

    public long nanos() {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    /** A load has ended after so long. Two at once may lose one of the two words: the next load says it again. */
    public void loadTook(long nanos) {
        long wanted = TIMES_A_LOAD * TimeUnit.NANOSECONDS.toSeconds(nanos) + TIMES_A_LOAD;
        long bounded = Math.max(policySeconds, Math.min(LONGEST_SECONDS, wanted));
        int now = seconds;
        if (bounded > now) {
            seconds = (int) bounded;
        } else if (bounded < now) {
            seconds = now - (int) ((now - bounded + SHRINKING_PART - 1) / SHRINKING_PART);
        }
    }
}
