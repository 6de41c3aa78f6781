package io.levee.cache.internal.node;

import io.levee.cache.BreakerPolicy;
import java.time.Duration;

/**
 * How nodes are treated; the same for all nodes of a client. Checked where users set them.
 *
 * @param client the client's name, which its threads carry
 * @param connectTimeoutNanos for connecting and the answer to the first probe together
 * @param backoffFirstNanos the ceiling of the first wait before a new attempt
 * @param backoffMaxNanos the ceiling of any
 * @param probeIntervalNanos how often a node in use is probed
 * @param breaker when a node that does not answer well is given up
 * @param youth for how long after its start a server counts as young; the same in every process of the fleet
 */
public record NodeSettings(
        String client,
        long connectTimeoutNanos,
        long backoffFirstNanos,
        long backoffMaxNanos,
        long probeIntervalNanos,
        BreakerPolicy breaker,
        Duration youth) {
    /** With servers that are {@linkplain Restart young} for two minutes. */
    public NodeSettings(
            String client,
            long connectTimeoutNanos,
            long backoffFirstNanos,
            long backoffMaxNanos,
            long probeIntervalNanos,
            BreakerPolicy breaker) {
        this(
                client,
                connectTimeoutNanos,
                backoffFirstNanos,
                backoffMaxNanos,
                probeIntervalNanos,
                breaker,
                Restart.YOUTH);
    }
}
