package io.levee.examples.incident.timeline;

/**
 * The figures of one phase of one client's run (latencies from the histogram of the whole phase).
 *
 * @param commonestError null if none
 */
public record PhaseSummary(
        String phase,
        double seconds,
        double servedPerSecond,
        double offeredPerSecond,
        long errors,
        double p50Millis,
        double p99Millis,
        double maxMillis,
        long databaseQueries,
        long statsQueries,
        double databaseQueriesPerSecond,
        int nodesUp,
        String commonestError) {}
