package io.levee.cache;

/**
 * When a node that is connected but does not answer well is given up: of the last {@code window} operations, {@code
 * failureRatePercent} failed (no answer in time, or an answer that is not memcached's). The node is then taken for dead,
 * its connection is dropped, and it is used again only after a probe was answered. A connection that breaks needs no
 * window: the node is dead at once.
 *
 * @param window how many of the last operations count, 1 to 10,000
 * @param failureRatePercent how many of them must have failed, in percent, 1 to 100
 */
public record BreakerPolicy(int window, int failureRatePercent) {
    private static final BreakerPolicy DEFAULTS = new BreakerPolicy(8, 50);

    public BreakerPolicy {
        if (window < 1 || window > 10_000) {
            throw new IllegalArgumentException("breaker window must be 1 to 10000 operations, but is " + window);
        }
        if (failureRatePercent < 1 || failureRatePercent > 100) {
            throw new IllegalArgumentException(
                    "breaker failureRatePercent must be 1 to 100, but is " + failureRatePercent);
        }
    }

    /** A window of 8 operations, half of which must fail. */
    public static BreakerPolicy defaults() {
        return DEFAULTS;
    }
}
