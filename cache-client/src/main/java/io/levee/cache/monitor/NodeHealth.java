package io.levee.cache.monitor;

import io.levee.cache.discovery.NodeAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * One node as this process sees it.
 *
 * @param address as configured
 * @param state whether it is in use
 * @param breaker whether it is out of use because too many operations failed
 * @param since when it last came into or out of use; attempts to reach a dead node do not begin this anew
 * @param lastError why it was last taken for dead, or null if it never was
 * @param version the server's version, or null until it was asked
 * @param uptime how long the server had been running when last asked, or null until then
 * @param connections open connections on the server when last asked, from all its clients; -1 until then
 * @param maxConnections the server's limit on them; -1 until it was asked
 * @param ringShare its share of the keys, 0 to 1
 * @param nextAttempt when it is next connected to, or null if it is up or being connected to
 */
public record NodeHealth(
        NodeAddress address,
        NodeState state,
        BreakerState breaker,
        Instant since,
        String lastError,
        String version,
        Duration uptime,
        int connections,
        int maxConnections,
        double ringShare,
        Instant nextAttempt) {}
