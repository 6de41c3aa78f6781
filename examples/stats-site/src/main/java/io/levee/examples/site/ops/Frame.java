package io.levee.examples.site.ops;

import io.levee.examples.site.nodes.NodeProcesses.ProcessState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /ops} shows of a moment.
 *
 * @param leveeOn whether Levee answers the pages
 * @param nodes in their order
 * @param advisories in words
 */
public record Frame(
        Instant at,
        boolean leveeOn,
        Visits visits,
        Database database,
        Answers answers,
        List<NodeView> nodes,
        List<String> advisories) {

    /**
     * Visits, over the last two seconds, the 99th percentile over the last three.
     *
     * @param wantedPerSecond what the load is set to
     * @param onTheSite who waits for an answer now
     * @param lostPerSecond answered with an error, turned away, or gone without an answer
     * @param p99Millis -1 if nobody came
     */
    public record Visits(
            int wantedPerSecond, int onTheSite, double servedPerSecond, double lostPerSecond, double p99Millis) {}

    /**
     * The database.
     *
     * @param running queries that run now
     * @param waiting calls that wait for a connection
     * @param slots how many queries may run at once
     * @param slowPerSecond queries for stats among them
     */
    public record Database(int running, int waiting, int slots, double queriesPerSecond, double slowPerSecond) {}

    /** Where the answers of the cached methods came from, per second. */
    public record Answers(double near, double memcached, double stale, double fallback, double loaded) {}

    /**
     * A node.
     *
     * @param state what Levee makes of it: {@code UP}, {@code DOWN} or {@code PROBING}
     * @param process what its process does, or null if it is none of ours
     * @param connections of all its clients, -1 if it is not known
     * @param detail why it is not in use, or null
     */
    public record NodeView(
            String name,
            String address,
            String state,
            @Nullable ProcessState process,
            double ringShare,
            int connections,
            int maxConnections,
            @Nullable String version,
            Instant since,
            @Nullable String detail) {}
}
