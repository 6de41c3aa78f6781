package io.levee.examples.incident;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the numbers say, in a sentence for each client. Nothing is said that is not computed here. */
final class Findings {
    private Findings() {}

    static List<String> of(List<ClientRun> runs) {
        return runs.stream()
                .filter(run -> !run.phases().isEmpty())
                .map(Findings::sentence)
                .toList();
    }

    private static String sentence(ClientRun run) {
        PhaseSummary first = run.phases().get(0);
        PhaseSummary fewestServed = min(run, PhaseSummary::servedPerSecond);
        PhaseSummary slowest = max(run, PhaseSummary::p99Millis);
        PhaseSummary mostQueries = max(run, PhaseSummary::databaseQueriesPerSecond);
        long errors = run.phases().stream().mapToLong(PhaseSummary::errors).sum();
        return format(
                "%s: served %s; p99 %s; %s; %.0f database queries/s in \"%s\"%s.",
                run.client(),
                served(first, fewestServed),
                worst(slowest),
                errors == 0 ? "no errors" : errors(run, errors),
                first.databaseQueriesPerSecond(),
                first.phase(),
                mostQueries.equals(first)
                        ? " and never more"
                        : format(
                                ", at most %.0f, in \"%s\"",
                                mostQueries.databaseQueriesPerSecond(), mostQueries.phase()));
    }

    private static String served(PhaseSummary first, PhaseSummary fewest) {
        if (share(fewest) > 0.99) {
            return format("all of the %.0f requests/s in every phase", first.offeredPerSecond());
        }
        return format(
                "%.0f of %.0f requests/s in \"%s\", its worst phase",
                fewest.servedPerSecond(), fewest.offeredPerSecond(), fewest.phase());
    }

    private static String worst(PhaseSummary slowest) {
        return slowest.p99Millis() < 1_000
                ? format("at most %.0f ms, in \"%s\"", slowest.p99Millis(), slowest.phase())
                : format("up to %.1f s, in \"%s\"", slowest.p99Millis() / 1_000, slowest.phase());
    }

    private static String errors(ClientRun run, long errors) {
        PhaseSummary most = max(run, PhaseSummary::errors);
        return format("%,d errors, most often \"%s\"", errors, most.commonestError());
    }

    private static double share(PhaseSummary phase) {
        return phase.offeredPerSecond() == 0 ? 1 : phase.servedPerSecond() / phase.offeredPerSecond();
    }

    private static PhaseSummary max(ClientRun run, ToDoubleFunction<PhaseSummary> figure) {
        return run.phases().stream().max(Comparator.comparingDouble(figure)).orElseThrow();
    }

    private static PhaseSummary min(ClientRun run, ToDoubleFunction<PhaseSummary> figure) {
        return run.phases().stream().min(Comparator.comparingDouble(figure)).orElseThrow();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
