package io.levee.examples.incident.timeline;

import java.util.List;

/** What one client's run looked like in one second. */
public record Sample(
        double atSeconds,
        String phase,
        double requestsPerSecond,
        double errorsPerSecond,
        double p50Millis,
        double p99Millis,
        double offeredPerSecond,
        int databaseQueriesRunning,
        double databaseQueriesPerSecond,
        double statsQueriesPerSecond,
        int requestsInFlight,
        List<NodeStatus> nodes) {}
