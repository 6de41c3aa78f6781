package io.levee.cache;

import java.time.Duration;

/**
 * What becomes of a dead node's keys.
 *
 * <p>{@link #miss()}: the last values that this process holds stand in, and what it does not hold each process loads for itself,
 * once per freshness period. {@link #gutter(Duration)}: they go to the next live node on the ring with a short life, also where
 * this process holds a value, so that the node's death costs the fleet one load per key at once and one per {@code ttl} after, instead
 * of one per key and process. What is held stands in if such a load fails, or if no other node lives. (The word is that of "Scaling Memcache at Facebook", Nishtala and others, 2013, where
 * gutter machines take over for failed ones.)
 *
 * @param gutterTtl how long a value lives on the node that stands in, in whole seconds, 1 s to 1 h; zero for no gutter
 */
public record OutagePolicy(Duration gutterTtl) {
    private static final OutagePolicy MISS = new OutagePolicy(Duration.ZERO);

    public OutagePolicy {
        if (gutterTtl == null
                || !gutterTtl.equals(Duration.ofSeconds(gutterTtl.toSeconds()))
                || gutterTtl.isNegative()
                || gutterTtl.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("gutter ttl must be 1 s to 1 h in whole seconds, but is " + gutterTtl);
        }
    }

    /** A dead node's keys are misses that each process makes up for by itself. */
    public static OutagePolicy miss() {
        return MISS;
    }

    /** A dead node's keys go to the next live node, for {@code ttl} each. */
    public static OutagePolicy gutter(Duration ttl) {
        if (Duration.ZERO.equals(ttl)) {
            throw new IllegalArgumentException("gutter ttl must be 1 s to 1 h in whole seconds, but is " + ttl);
        }
        return new OutagePolicy(ttl);
    }

    /** Whether other nodes stand in for a dead one. */
    public boolean isGutter() {
        return !gutterTtl.isZero();
    }
}
