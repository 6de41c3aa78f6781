package io.levee.cache.monitor;

import io.levee.cache.discovery.NodeAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How the nodes stand: a snapshot.
 *
 * @param status all nodes together
 * @param nodes in the order in which they were configured
 * @param advisories oldest first
 * @param at when the snapshot was taken
 */
public record HealthReport(HealthStatus status, List<NodeHealth> nodes, List<Advisory> advisories, Instant at) {
    public HealthReport {
        nodes = List.copyOf(nodes);
        advisories = List.copyOf(advisories);
    }

    /** One line for the whole, one a node, one an advisory. */
    @Override
    public String toString() {
        long up = nodes.stream().filter(n -> n.state() == NodeState.UP).count();
        StringBuilder text =
                new StringBuilder("memcached " + status + ": " + up + " of " + nodes.size() + " nodes in use");
        for (NodeHealth node : nodes) {
            text.append("\n  ").append(line(node));
        }
        for (Advisory advisory : advisories) {
            text.append("\n  ! ").append(advisory);
        }
        return text.toString();
    }

    /** What {@link #toString} says of a node, in one line. */
    public String line(NodeAddress address) {
        return nodes.stream()
                .filter(node -> node.address().equals(address))
                .findFirst()
                .map(this::line)
                .orElse(address + " is no node of this client any more");
    }

    private String line(NodeHealth node) {
        StringBuilder line = new StringBuilder(String.format(
                "%-7s %s for %s, %.0f%% of keys",
                node.state(), node.address(), brief(Duration.between(node.since(), at)), node.ringShare() * 100));
        if (node.version() != null) {
            line.append(", memcached ").append(node.version());
        }
        if (node.state() == NodeState.UP) {
            if (node.uptime() != null) {
                line.append(", running ").append(brief(node.uptime()));
            }
            if (node.connections() >= 0 && node.maxConnections() >= 0) {
                line.append(", ")
                        .append(node.connections())
                        .append(" of ")
                        .append(node.maxConnections())
                        .append(" connections");
            }
        } else {
            if (node.lastError() != null) {
                line.append(", ").append(node.lastError());
            }
            if (node.nextAttempt() != null) {
                line.append(", next attempt in ").append(brief(Duration.between(at, node.nextAttempt())));
            }
        }
        return line.toString();
    }

    private static String brief(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 10) {
            return String.format("%.1f s", Math.max(0, time.toMillis()) / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }
}
