package io.levee.cache;

import java.time.Duration;

/**
 * Keeps warm what is read: the keys that this process has asked for lately. Each process knows its own readers, so the fleet keeps warm
 * what any of its processes reads.
 *
 * @param within how long after its last read a key is kept warm; at least the period, at most 30 days
 * @param atMost how many keys at most, 1 to 100,000; beyond it those go that are read least
 */
public record KeysReadPolicy(Duration within, int atMost) {
    /** How many keys a cache may keep warm, however they are chosen. */
    public static final int MOST_KEYS = 100_000;

    private static final int USUAL_KEYS = 10_000;

    public KeysReadPolicy {
        if (within == null || within.compareTo(Duration.ofMillis(1)) < 0 || within.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("keysReadWithin must be 1 ms to 30 d, but is " + within);
        }
        if (atMost < 1 || atMost > MOST_KEYS) {
            throw new IllegalArgumentException(
                    "keysReadWithin atMost must be 1 to " + MOST_KEYS + ", but is " + atMost);
        }
    }

    /** The keys that {@code get}, {@code getAsync}, {@code lookup} or {@code getAll} asked for within {@code time}, 10,000 at most. */
    public static KeysReadPolicy keysReadWithin(Duration time) {
        return new KeysReadPolicy(time, USUAL_KEYS);
    }

    /** The same with another bound. */
    public KeysReadPolicy atMost(int keys) {
        return new KeysReadPolicy(within, keys);
    }
}
