package io.levee.cache.internal.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;

/**
 * For how long another process has held the lease to replace a stale value. Memcached gives the lease of an item that is there to
 * one reader and then to nobody, however long that reader is dead; so each process counts for itself from when it first heard that
 * this version's lease is taken.
 *
 * <p>Bounded: what is forgotten for want of room is counted anew. Thread-safe, never blocks.
 */
public final class LeaseWatch {
    private static final int MOST_KEYS = 10_000;

    private record Sighting(long token, long sinceNanos) {}

    private final Cache<Object, Sighting> sightings;
    private final TimeSource time;
    private final long leaseNanos;

    /** @param lease how long a holder is believed to be alive */
    public LeaseWatch(Duration lease, TimeSource time) {
        this.time = time;
        this.leaseNanos = lease.toNanos();
        this.sightings = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .executor(Runnable::run)
                .build();
    }

    /** This process had the lease of that version and has not stored anything: it may try again, before all others. */
    public void givenUp(Object key, long token) {
        sightings.put(key, new Sighting(token, time.nanos() - leaseNanos));
    }

    /** The lease of the version that {@code token} names is another's. Returns whether that one's time is over. */
    public boolean isOverdue(Object key, long token) {
        long nowNanos = time.nanos();
        Sighting sighting = sightings
                .asMap()
                .compute(key, (k, seen) -> seen != null && seen.token == token ? seen : new Sighting(token, nowNanos));
        return nowNanos - sighting.sinceNanos >= leaseNanos;
    }
}
