package io.levee.cache.internal.health;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.monitor.BreakerState;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import java.time.Duration;
import java.time.Instant;

/**
 * One node's standing at one moment; immutable.
 *
 * @param tripped whether its breaker opened since it was last up
 * @param told whether an event about the node was ever fired
 * @param changedMillis when it last came into or out of use: attempts to reach a dead node do not begin its outage anew
 * @param changedNanos the same, by the clock that measures spans
 * @param vitals what its servers told last, field by field; outlives the connection, so that a restart shows
 */
record NodeChart(
        NodeAddress address,
        NodeState state,
        boolean tripped,
        boolean told,
        long changedMillis,
        long changedNanos,
        String lastError,
        Vitals vitals,
        double ringShare,
        Instant nextAttempt) {

    static NodeChart newcomer(NodeAddress address, double ringShare, TimeSource time) {
        return new NodeChart(
                address,
                NodeState.PROBING,
                false,
                false,
                time.millis(),
                time.nanos(),
                null,
                Vitals.UNKNOWN,
                ringShare,
                null);
    }

    NodeChart at(NodeAddress newAddress, double newShare) {
        return new NodeChart(
                newAddress,
                state,
                tripped,
                told,
                changedMillis,
                changedNanos,
                lastError,
                vitals,
                newShare,
                nextAttempt);
    }

    NodeChart probing() {
        return new NodeChart(
                address,
                NodeState.PROBING,
                tripped,
                told,
                changedMillis,
                changedNanos,
                lastError,
                vitals,
                ringShare,
                null);
    }

    NodeChart up(TimeSource time) {
        return new NodeChart(
                address, NodeState.UP, false, true, time.millis(), time.nanos(), lastError, vitals, ringShare, null);
    }

    NodeChart down(String error, Instant next, TimeSource time) {
        boolean begins = isNewsToBeDown();
        return new NodeChart(
                address,
                NodeState.DOWN,
                tripped,
                true,
                begins ? time.millis() : changedMillis,
                begins ? time.nanos() : changedNanos,
                error,
                vitals,
                ringShare,
                next);
    }

    NodeChart observing(Vitals newVitals) {
        return new NodeChart(
                address,
                state,
                tripped,
                told,
                changedMillis,
                changedNanos,
                lastError,
                newVitals.or(vitals),
                ringShare,
                nextAttempt);
    }

    NodeChart trippedNow() {
        return new NodeChart(
                address, state, true, told, changedMillis, changedNanos, lastError, vitals, ringShare, nextAttempt);
    }

    private BreakerState breaker() {
        if (!tripped) {
            return BreakerState.CLOSED;
        }
        return state == NodeState.PROBING ? BreakerState.HALF_OPEN : BreakerState.OPEN;
    }

    /** Whether being down is a change: the node was in use, or nobody was told about it yet. */
    boolean isNewsToBeDown() {
        return state == NodeState.UP || !told;
    }

    NodeHealth health() {
        return new NodeHealth(
                address,
                state,
                breaker(),
                Instant.ofEpochMilli(changedMillis),
                lastError,
                vitals.version(),
                vitals.uptimeSeconds() < 0 ? null : Duration.ofSeconds(vitals.uptimeSeconds()),
                vitals.connections(),
                vitals.maxConnections(),
                ringShare,
                nextAttempt);
    }
}
