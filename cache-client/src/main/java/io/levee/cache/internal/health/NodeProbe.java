package io.levee.cache.internal.health;

import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a server about itself: {@code version}, {@code stats} and {@code stats settings}, pipelined. */
public final class NodeProbe {
    private static final Map<String, String> NOTHING = Map.of();

    private NodeProbe() {}

    /** Never completes exceptionally; what the server did not answer in time is unknown. */
    public static CompletableFuture<Vitals> vitals(NodeConnection connection) {
        CompletableFuture<Reply> version = connection.version();
        CompletableFuture<Reply> stats = connection.stats("");
        CompletableFuture<Reply> settings = connection.stats("settings");
        return CompletableFuture.allOf(version, stats, settings)
                .handle((done, error) ->
                        error == null ? read(version.join(), values(stats), values(settings)) : Vitals.UNKNOWN);
    }

    private static Vitals read(Reply version, Map<String, String> stats, Map<String, String> settings) {
        long uptime = number(stats, "uptime");
        long time = number(stats, "time");
        long limit = number(stats, "max_connections");
        return new Vitals(
                version instanceof Reply.Text text ? text.text() : stats.get("version"),
                uptime,
                // memcached derives both from one clock tick, so that their difference is exact however late it ticks.
                uptime >= 0 && time >= 0 ? time - uptime : -1,
                number(stats, "pid"),
                asInt(number(stats, "curr_connections")),
                asInt(limit >= 0 ? limit : number(settings, "maxconns")),
                asInt(number(settings, "item_size_max")));
    }

    private static Map<String, String> values(CompletableFuture<Reply> reply) {
        return reply.join() instanceof Reply.Statistics statistics ? statistics.values() : NOTHING;
    }

    private static long number(Map<String, String> values, String name) {
        String text = values.get(name);
        if (text == null) {
            return -1;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static int asInt(long number) {
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
