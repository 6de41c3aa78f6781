package io.levee.cache;

import java.time.Duration;

/**
 * Whether the processes of a fleet agree, through memcached, on which of them loads a missing or stale key.
 *
 * <p>With leases on, the first process that misses a key holds its lease and loads; the others serve a stale value if they
 * have one, and wait for the holder's value if they do not. A lease ends when its holder writes the value, when the load
 * fails, or after {@code ttl}, when its holder is taken for dead and another process loads.
 *
 * @param enabled whether to ask for leases; without them every process that misses a key loads it
 * @param ttl how long a lease holds at least, in whole seconds, 1 s to 1 h. A process whose loads take longer asks for longer leases
 *     from then on
 */
public record LeasePolicy(boolean enabled, Duration ttl) {
    private static final LeasePolicy ON = new LeasePolicy(true, Duration.ofSeconds(10));
    private static final LeasePolicy OFF = new LeasePolicy(false, Duration.ofSeconds(10));

    public LeasePolicy {
        if (ttl == null
                || !ttl.equals(Duration.ofSeconds(ttl.toSeconds()))
                || ttl.compareTo(Duration.ofSeconds(1)) < 0
                || ttl.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("lease ttl must be 1 s to 1 h in whole seconds, but is " + ttl);
        }
    }

    /** Leases that hold for 10 seconds. */
    public static LeasePolicy on() {
        return ON;
    }

    /** Leases that hold for {@code ttl}. */
    public static LeasePolicy on(Duration ttl) {
        return new LeasePolicy(true, ttl);
    }

    /** No leases: every process that misses a key loads it. */
    public static LeasePolicy off() {
        return OFF;
    }
}
