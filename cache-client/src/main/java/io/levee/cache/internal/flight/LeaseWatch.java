package io.levee.cache.internal.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.levee.cache.internal.time.TimeSource;

/**
 * For how long another process has held the lease to replace a stale value. Memcached gives the lease of an item that is there to
 * one reader and then to nobody, however long that reader is dead; so each process counts for itself from when it first heard that
 * this version's lease is taken.
 *
 * <p>Bounded: what is forgotten for want of room is counted anew. Thread-safe, never blocks.
 */
public final class LeaseWatch {
    private static final int MOST_KEYS = 10_000;

    /**
     * A version as it was first heard of.
     *
     * @param overdueNanos when its holder's time is over
     */
    private record Sighting(long token, long atNanos, long overdueNanos) {}

    private final Cache<Object, Sighting> sightings;
    private final TimeSource time;
    private final LeaseTerm term;

    /** @param term how long a holder is believed to be alive */
    public LeaseWatch(LeaseTerm term, TimeSource time) {
        this.time = time;
        this.term = term;
        this.sightings = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .executor(Runnable::run)
                .build();
    }

    /** This process had the lease of that version and has not stored anything: it may try again, before all others. */
    public void givenUp(Object key, long token) {
        long nowNanos = time.nanos();
        sightings.put(key, new Sighting(token, nowNanos, nowNanos));
    }

    /** The lease of the version that {@code token} names is another's. Returns whether that one's time is over. */
    public boolean isOverdue(Object key, long token) {
        long nowNanos = time.nanos();
        Sighting sighting = sightings.asMap().compute(key, (k, seen) -> {
            boolean known = seen != null && (seen.token == token || isLateWordOf(token, seen, nowNanos));
            return known ? seen : new Sighting(token, nowNanos, nowNanos + term.nanos());
        });
        return sighting.token == token && nowNanos - sighting.overdueNanos >= 0;
    }

    /**
     * Whether the token is of a version before the one that was seen: a reader that was slow says so, and it must not make us forget
     * the later one. But a server that was restarted counts its tokens anew, so that this is believed for a while only.
     */
    private boolean isLateWordOf(long token, Sighting seen, long nowNanos) {
        return Long.compareUnsigned(token, seen.token) < 0 && nowNanos - seen.atNanos < term.nanos();
    }
}
