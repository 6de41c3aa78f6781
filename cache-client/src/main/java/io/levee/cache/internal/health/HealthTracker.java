package io.levee.cache.internal.health;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * How each node stands, told by its supervisor; turns what changes into events and keeps the snapshot that {@link #report}
 * reads. {@code nodeUp} and {@code nodeDown} of a node alternate because both are born here, from its state before.
 *
 * <p><b>Threads.</b> A node is written by its supervisor's thread alone; membership comes from the thread that changes it; the
 * report is read by anyone. Each write replaces an immutable chart. There is no lock, and {@link #report} never waits. Events
 * are fired on the writing thread after the chart is in place, so that a listener that asks for the report finds the news in it.
 */
public final class HealthTracker {
    /** A restarted server is empty: how long that explains misses. */
    static final long RESTARTED_KEPT_MILLIS = Duration.ofMinutes(10).toMillis();

    /** Raised at 90 % of a server's connections and cleared below 85 %, lest a count at the edge be two log lines a probe. */
    static final double CONNECTIONS_HIGH = 0.90;

    static final double CONNECTIONS_LOW = 0.85;

    /** What memcached answers a connection past its limit before it closes it. */
    private static final String REFUSAL = "too many open connections";

    private final TimeSource time;
    private final CacheListener listener;
    private final Advisories advisories;
    private final Map<String, NodeChart> charts = new ConcurrentHashMap<>();
    private volatile List<String> order = List.of();

    public HealthTracker(TimeSource time, CacheListener listener) {
        this.time = time;
        this.listener = listener;
        this.advisories = new Advisories(time, listener);
    }

    /** Which nodes there are, in their order, with their shares of the keys. Those no longer there are forgotten. */
    public void members(Map<NodeAddress, Double> shares) {
        Map<String, NodeAddress> members = new LinkedHashMap<>();
        shares.forEach((address, share) -> {
            members.put(address.toString(), address);
            charts.compute(
                    address.toString(),
                    (name, chart) ->
                            chart == null ? NodeChart.newcomer(address, share, time) : chart.at(address, share));
        });
        List<String> orderBefore = order;
        order = List.copyOf(members.keySet());
        List.copyOf(charts.values()).stream()
                .filter(chart -> !members.containsKey(chart.address().toString()))
                .forEach(chart -> {
                    charts.remove(chart.address().toString());
                    advisories.clearAll(chart.address());
                });
        if (!orderBefore.equals(order)) {
            listener.nodesChanged(List.copyOf(members.values()));
        }
    }

    /** The share of the keys that a node holds, 0 for a node that is none. */
    public double share(NodeAddress node) {
        NodeChart chart = charts.get(node.toString());
        return chart == null ? 0 : chart.ringShare();
    }

    /** The node is being connected to. */
    public void probing(NodeAddress node) {
        update(node, NodeChart::probing);
    }

    /** The node answered its probe and is in use. */
    public void up(NodeAddress node) {
        NodeChart before = charts.get(node.toString());
        if (before == null) {
            return;
        }
        update(node, chart -> chart.up(time));
        advisories.clear(Advisory.Code.UNSUPPORTED_VERSION, node);
        // A node that nobody was told about has come up for the first time.
        listener.nodeUp(node, Duration.ofNanos(before.told() ? time.nanos() - before.changedNanos() : 0));
    }

    /**
     * The node is not in use: it was lost, or an attempt to bring it back failed.
     *
     * @param attempt which attempt the next one will be, counted from the last that brought the node back for good
     */
    public void down(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        Instant next = Instant.ofEpochMilli(time.millis()).plus(nextAttemptIn);
        NodeChart before = charts.get(node.toString());
        if (before == null) {
            return;
        }
        update(node, chart -> chart.down(reason, next, time));
        if (before.isNewsToBeDown()) {
            listener.nodeDown(node, reason);
        } else {
            listener.reconnectFailed(node, reason, attempt, nextAttemptIn);
        }
        if (reason.toLowerCase(Locale.ROOT).contains(REFUSAL)) {
            advisories.raise(Advisory.Code.CONNECTION_LIMIT, node, refusal(before.vitals()));
        }
        expire(node);
    }

    /** The breaker of the node's connection opened; {@link #down} follows. */
    public void tripped(NodeAddress node, String reason) {
        if (update(node, NodeChart::trippedNow) != null) {
            listener.breakerOpened(node, reason);
        }
    }

    /** The node's server is too old to be used. */
    public void unsupported(NodeAddress node, String detail) {
        if (charts.containsKey(node.toString())) {
            advisories.raise(Advisory.Code.UNSUPPORTED_VERSION, node, detail);
        }
    }

    /** What the node's server said about itself. */
    public void observed(NodeAddress node, Vitals vitals) {
        NodeChart before = charts.get(node.toString());
        if (before == null) {
            return;
        }
        update(node, chart -> chart.observing(vitals));
        expire(node);
        if (vitals.isRestartOf(before.vitals())) {
            advisories.raiseAnew(
                    Advisory.Code.RESTARTED,
                    node,
                    "another server process answers, running for " + vitals.uptimeSeconds()
                            + " s: its memory began empty");
        }
        adviseOnConnections(node, vitals);
        adviseOnVersion(node, vitals);
    }

    /** The periodic write-through of a cache has left out keys for a whole period. */
    public void roundsMissed(String cache, String detail) {
        advisories.raise(Advisory.Code.ROUNDS_MISSED, cache, detail);
    }

    /** It leaves out none. */
    public void roundsKept(String cache) {
        advisories.clear(Advisory.Code.ROUNDS_MISSED, cache);
    }

    /** How the nodes stand now. Never blocks. */
    public HealthReport report() {
        long nowMillis = time.millis();
        List<NodeHealth> nodes = new ArrayList<>();
        for (String name : order) {
            NodeChart chart = charts.get(name);
            if (chart != null) {
                nodes.add(chart.health());
            }
        }
        List<Advisory> current = advisories.current().stream()
                .filter(advisory -> isCurrent(advisory, nowMillis))
                .toList();
        return new HealthReport(status(nodes), nodes, current, Instant.ofEpochMilli(nowMillis));
    }

    private void expire(NodeAddress node) {
        advisories.clearIfOlder(Advisory.Code.RESTARTED, node, RESTARTED_KEPT_MILLIS);
    }

    private boolean isCurrent(Advisory advisory, long nowMillis) {
        if (advisory.node() == null) {
            return true;
        }
        // A supervisor clears what has expired at its next probe; the report does not wait for that. And one that had
        // not heard yet that its node is no member any more may have raised what nobody will clear.
        boolean expired = advisory.code() == Advisory.Code.RESTARTED
                && nowMillis - advisory.since().toEpochMilli() >= RESTARTED_KEPT_MILLIS;
        return !expired && charts.containsKey(advisory.node().toString());
    }

    private static HealthStatus status(List<NodeHealth> nodes) {
        long up = nodes.stream().filter(node -> node.state() == NodeState.UP).count();
        if (up == 0) {
            return HealthStatus.DOWN;
        }
        return up == nodes.size() ? HealthStatus.UP : HealthStatus.DEGRADED;
    }

    private void adviseOnConnections(NodeAddress node, Vitals vitals) {
        int count = vitals.connections();
        int limit = vitals.maxConnections();
        if (count < 0 || limit <= 0) {
            return;
        }
        double used = (double) count / limit;
        if (used >= CONNECTIONS_HIGH) {
            advisories.raise(
                    Advisory.Code.CONNECTION_LIMIT,
                    node,
                    String.format(
                            Locale.ROOT,
                            "%d of %d connections are open (%.0f %%)",
                            count,
                            limit,
                            Math.floor(used * 100)));
        } else if (used < CONNECTIONS_LOW) {
            advisories.clear(Advisory.Code.CONNECTION_LIMIT, node);
        }
    }

    private static String refusal(Vitals last) {
        return last.maxConnections() < 0
                ? "the server refused a connection: too many open connections"
                : "the server refused a connection: too many open connections (limit " + last.maxConnections() + ", "
                        + last.connections() + " when it was last asked)";
    }

    private void adviseOnVersion(NodeAddress node, Vitals vitals) {
        ServerVersion.parse(vitals.version()).ifPresent(version -> {
            version.knownFault()
                    .ifPresentOrElse(
                            fault -> advisories.raise(Advisory.Code.KNOWN_BAD_VERSION, node, fault),
                            () -> advisories.clear(Advisory.Code.KNOWN_BAD_VERSION, node));
        });
    }

    private NodeChart update(NodeAddress node, UnaryOperator<NodeChart> step) {
        // Absent if the node was removed meanwhile: what its supervisor still has to say concerns nobody.
        return charts.computeIfPresent(node.toString(), (name, chart) -> step.apply(chart));
    }
}
