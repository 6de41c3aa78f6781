package io.levee.examples.incident.run;

import io.levee.examples.incident.database.QueryGauge;
import io.levee.examples.incident.script.Phase;
import io.levee.examples.incident.site.Traffic;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Adds the seconds of a phase up. */
final class PhaseTally {
    private final Phase phase;
    private final QueryGauge.Reading queriesBefore;
    private final Stage.SiteSettings site;
    private final Histogram latencyMicros = new Histogram(3);
    private final Map<String, Long> errors = new HashMap<>();
    private double seconds;
    private long offered;
    private long served;
    private int fewestNodesUp = Integer.MAX_VALUE;

    PhaseTally(Phase phase, QueryGauge.Reading queriesBefore, Stage.SiteSettings site) {
        this.site = site;
        this.phase = phase;
        this.queriesBefore = queriesBefore;
    }

    void add(Traffic.Window window, double windowSeconds, List<NodeStatus> nodes) {
        seconds += windowSeconds;
        offered += window.offered();
        served += window.served();
        latencyMicros.add(window.latencyMicros());
        window.errors().forEach((error, count) -> errors.merge(error, count, Long::sum));
        int up = (int) nodes.stream().filter(NodeStatus.UP::equals).count();
        fewestNodesUp = Math.min(fewestNodesUp, up);
    }

    /** The phase so far; it may have been cut short. */
    PhaseSummary summary(QueryGauge.Reading queriesNow) {
        long queries = queriesNow.queries() - queriesBefore.queries();
        return new PhaseSummary(
                phase.name(),
                seconds,
                served / seconds,
                offered / seconds,
                errors.values().stream().mapToLong(Long::longValue).sum(),
                latencyMicros.getValueAtPercentile(50) / 1000.0,
                latencyMicros.getValueAtPercentile(99) / 1000.0,
                latencyMicros.getMaxValue() / 1000.0,
                queries,
                queriesNow.statsQueries() - queriesBefore.statsQueries(),
                statsQueriesAllowed(),
                queries / seconds,
                fewestNodesUp,
                errors.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(null));
    }

    /** One a page and period, wherever in the phase the first falls. */
    private long statsQueriesAllowed() {
        double periods = seconds / (site.refreshPeriod().toMillis() / 1000.0);
        return site.weeks() * (1 + (long) periods);
    }

    boolean isEmpty() {
        return seconds == 0;
    }
}
