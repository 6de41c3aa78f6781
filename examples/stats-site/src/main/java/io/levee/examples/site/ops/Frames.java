package io.levee.examples.site.ops;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.levee.cache.CacheStats;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.site.load.Traffic;
import io.levee.examples.site.load.Visitors;
import io.levee.examples.site.nodes.NodeProcesses;
import io.levee.examples.site.nodes.NodeProcesses.ProcessState;
import io.levee.examples.site.ops.Frame.Answers;
import io.levee.examples.site.ops.Frame.Database;
import io.levee.examples.site.ops.Frame.NodeView;
import io.levee.examples.site.ops.Frame.Visits;
import io.levee.examples.site.projects.ProjectTable;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Takes one frame after the other. For one thread. */
@Component
class Frames {
    /** How many frames back rates are taken over: two seconds. */
    private static final int RATE_FRAMES = 8;

    /** How many frames the 99th percentile is of: three seconds. */
    private static final int PERCENTILE_FRAMES = 12;

    private final CacheClient client;
    private final ObjectProvider<NodeProcesses> processes;
    private final NodeNames names;
    private final LeveeSwitch levee;
    private final Traffic traffic;
    private final Visitors visitors;
    private final ProjectTable table;
    private final HikariDataSource pool;
    private final Deque<Totals> totals = new ArrayDeque<>();
    private final Deque<Histogram> waits = new ArrayDeque<>();

    Frames(
            CacheClient client,
            ObjectProvider<NodeProcesses> processes,
            NodeNames names,
            LeveeSwitch levee,
            Traffic traffic,
            Visitors visitors,
            ProjectTable table,
            HikariDataSource pool) {
        this.client = client;
        this.processes = processes;
        this.names = names;
        this.levee = levee;
        this.traffic = traffic;
        this.visitors = visitors;
        this.table = table;
        this.pool = pool;
    }

    /** All that has been counted since the start, at one moment. */
    private record Totals(
            long nanos,
            long served,
            long lost,
            long queries,
            long statsQueries,
            long near,
            long memcached,
            long stale,
            long fallback,
            long loaded) {}

    /** The next, to be taken four times a second. Does not block. */
    Frame next() {
        Totals now = count();
        totals.addLast(now);
        if (totals.size() > RATE_FRAMES + 1) {
            totals.removeFirst();
        }
        waits.addLast(traffic.sinceLastAsked());
        if (waits.size() > PERCENTILE_FRAMES) {
            waits.removeFirst();
        }
        HealthReport health = client.health();
        return new Frame(
                Instant.now(),
                levee.isOn(),
                new Visits(
                        visitors.perSecond(),
                        visitors.onTheSite(),
                        rate(Totals::served),
                        rate(Totals::lost),
                        percentile99Millis()),
                database(),
                new Answers(
                        rate(Totals::near),
                        rate(Totals::memcached),
                        rate(Totals::stale),
                        rate(Totals::fallback),
                        rate(Totals::loaded)),
                nodes(health),
                health.advisories().stream().map(this::inWords).toList());
    }

    private Totals count() {
        List<CacheStats> stats =
                client.caches().stream().map(cache -> cache.stats()).toList();
        return new Totals(
                System.nanoTime(),
                traffic.served(),
                traffic.failed() + visitors.lost(),
                table.queries(),
                table.statsQueries(),
                sum(stats, CacheStats::nearHits),
                sum(stats, CacheStats::hits),
                sum(stats, CacheStats::staleHits),
                sum(stats, CacheStats::fallbackHits),
                sum(stats, CacheStats::misses));
    }

    private static long sum(List<CacheStats> stats, ToLongFunction<CacheStats> part) {
        return stats.stream().mapToLong(part).sum();
    }

    private double rate(ToLongFunction<Totals> part) {
        Totals first = totals.getFirst();
        Totals last = totals.getLast();
        long nanos = last.nanos() - first.nanos();
        return nanos == 0 ? 0 : (part.applyAsLong(last) - part.applyAsLong(first)) * 1e9 / nanos;
    }

    private double percentile99Millis() {
        Histogram all = new Histogram(waits.getFirst().getNumberOfSignificantValueDigits());
        waits.forEach(all::add);
        return all.getTotalCount() == 0 ? -1 : all.getValueAtPercentile(99);
    }

    private Database database() {
        HikariPoolMXBean slots = pool.getHikariPoolMXBean();
        return new Database(
                slots == null ? 0 : slots.getActiveConnections(),
                slots == null ? 0 : slots.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize(),
                rate(Totals::queries),
                rate(Totals::statsQueries));
    }

    private List<NodeView> nodes(HealthReport health) {
        NodeProcesses own = processes.getIfAvailable();
        List<String> addresses = own == null ? List.of() : own.addresses();
        List<ProcessState> states = own == null ? List.of() : own.states();
        return health.nodes().stream()
                .map(node -> {
                    int i = addresses.indexOf(node.address().toString());
                    return view(node, i < 0 ? null : states.get(i));
                })
                .toList();
    }

    private NodeView view(NodeHealth node, ProcessState process) {
        String address = node.address().toString();
        boolean up = node.state() == NodeState.UP;
        return new NodeView(
                names.of(address),
                address,
                node.state().name(),
                process,
                node.ringShare(),
                up ? node.connections() : -1,
                node.maxConnections(),
                node.version(),
                node.since(),
                up ? null : node.lastError());
    }

    private String inWords(Advisory advisory) {
        String subject = advisory.node() == null
                ? "Cache " + advisory.cache()
                : names.of(advisory.node().toString());
        return subject + ": " + advisory.detail();
    }
}
