package io.levee.cache.spring.actuate;

import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.MonitoredClient;
import io.levee.cache.monitor.NodeHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * How the memcached nodes stand. UP if all are in use, else {@link #DEGRADED}, even if none is: reads go on without memcached, and an
 * application that is taken out of rotation for its cache would be the outage. Never blocks.
 */
public final class MemcachedHealthIndicator extends AbstractHealthIndicator {
    /** Spring Boot leaves it out of the overall status, and answers it with 200, unless told otherwise. */
    public static final Status DEGRADED = new Status("DEGRADED");

    private final MonitoredClient client;

    public MemcachedHealthIndicator(MonitoredClient client) {
        this.client = client;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        HealthReport report = client.health();
        builder.status(report.status() == HealthStatus.UP ? Status.UP : DEGRADED)
                .withDetail("memcached", report.status().name());
        Map<String, Object> nodes = new LinkedHashMap<>();
        report.nodes().forEach(node -> nodes.put(node.address().toString(), details(node)));
        builder.withDetail("nodes", nodes);
        if (!report.advisories().isEmpty()) {
            List<String> advisories =
                    report.advisories().stream().map(Object::toString).toList();
            builder.withDetail("advisories", advisories);
        }
    }

    private static Map<String, Object> details(NodeHealth node) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", node.state().name());
        details.put("since", node.since().toString());
        if (node.lastError() != null) {
            details.put("lastError", node.lastError());
        }
        return details;
    }
}
