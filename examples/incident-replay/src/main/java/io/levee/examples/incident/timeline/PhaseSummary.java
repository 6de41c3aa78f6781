package io.levee.examples.incident.timeline;

/**
 * The figures of one phase of one client's run (latencies from the histogram of the whole phase).
 *
 * @param statsQueriesAllowed how many the period of the stats pages allows: each made anew once in it
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
        long statsQueriesAllowed,
        double databaseQueriesPerSecond,
        int nodesUp,
        String commonestError) {}
