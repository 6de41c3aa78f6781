package io.levee.examples.consistency.history;

import java.time.Duration;

/**
 * The times that the caches of a run are built with, and that the promise is made in.
 *
 * @param fresh {@code expireAfterWrite}
 * @param stale {@code staleFor}
 * @param near {@code nearCache} of the cache that has one
 * @param answer {@code operationTimeout}
 * @param rejoin how long after the end of a fault a client is back at its node at the latest, everything made up for: a connect that
 *     hangs, the longest backoff, a connect that succeeds, and a margin for a busy machine
 * @param clearing when other processes have heard of a {@code clear()}, and a margin
 * @param heldBack how long after a failed load the last known value may stand in for it, and a margin
 * @param slowness how much a busy machine may delay what takes no time
 * @param longestLoad how long a loader waits after it has read, at most
 */
public record Terms(
        Duration fresh,
        Duration stale,
        Duration near,
        Duration answer,
        Duration rejoin,
        Duration clearing,
        Duration heldBack,
        Duration slowness,
        Duration longestLoad) {
    /** The cache without a near cache. */
    public static final String PLAIN = "plain";
    /** The cache with one. */
    public static final String NEAR = "near";

    /** Those of every run. Lives are long beside {@code rejoin}, so that a wrong value lives to be seen after a fault. */
    public static Terms ofRun() {
        return new Terms(
                Duration.ofSeconds(6),
                Duration.ofSeconds(6),
                Duration.ofMillis(400),
                Duration.ofMillis(400),
                Duration.ofMillis(2_000),
                Duration.ofMillis(2_500),
                Duration.ofMillis(1_500),
                Duration.ofMillis(250),
                Duration.ofMillis(200));
    }

    public Duration nearOf(String item) {
        return item.startsWith(NEAR + "/") ? near : Duration.ZERO;
    }

    /** The longest that any value is served. */
    public Duration life() {
        return fresh.plus(stale);
    }
}
