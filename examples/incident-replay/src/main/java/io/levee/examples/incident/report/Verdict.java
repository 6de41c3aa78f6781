package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.Sample;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What became of one client, judged by its phases once its cache was warm.
 *
 * @param phases how many it was judged by
 * @param first the phase before anything went wrong
 * @param worst the phase in which it served the smallest share of what was asked
 * @param slowest the phase with the highest p99
 * @param dark the phase in which no node was up, or null
 */
record Verdict(
        Look look,
        Outcome outcome,
        int phases,
        PhaseSummary first,
        PhaseSummary worst,
        PhaseSummary slowest,
        PhaseSummary dark,
        long errors,
        int mostQueriesAtOnce,
        double mostQueriesPerSecond) {
    enum Outcome {
        /** Served what was asked, about as fast as before. */
        STEADY,
        /** Served what was asked, but much slower. */
        SLOW,
        /** Left a part of what was asked unserved. */
        FELL
    }

    private static final double KEPT_UP = 0.98;
    private static final double SLOW_MILLIS = 250;
    private static final double SLOWER = 3;

    /** The verdict on a run, or nothing if not one phase was measured. */
    static Optional<Verdict> of(Look look, ClientRun run) {
        List<PhaseSummary> judged = run.phases().stream()
                .filter(phase -> !Course.isWarmUp(phase.phase()))
                .toList();
        if (judged.isEmpty()) {
            judged = run.phases();
        }
        if (judged.isEmpty()) {
            return Optional.empty();
        }
        PhaseSummary first = judged.get(0);
        PhaseSummary worst = judged.stream()
                .min(Comparator.comparingDouble(Verdict::servedShare)
                        .thenComparing(PhaseSummary::p99Millis, Comparator.reverseOrder()))
                .orElseThrow();
        PhaseSummary slowest = judged.stream()
                .max(Comparator.comparingDouble(phase -> known(phase.p99Millis())))
                .orElseThrow();
        return Optional.of(new Verdict(
                look,
                outcome(first, worst, slowest),
                judged.size(),
                first,
                worst,
                slowest,
                judged.stream()
                        .filter(phase -> phase.nodesUp() == 0)
                        .findFirst()
                        .orElse(null),
                judged.stream().mapToLong(PhaseSummary::errors).sum(),
                (int) most(run, Sample::databaseQueriesRunning),
                judged.stream()
                        .mapToDouble(phase -> known(phase.databaseQueriesPerSecond()))
                        .max()
                        .orElse(0)));
    }

    /**
     * What became of it, to follow its name.
     *
     * @param most how many phases the other clients were judged by at most
     */
    String sentence(int most) {
        String end = ", " + (errors == 0 ? "and no errors" : "and " + errors(errors)) + ". Its database ran "
                + (mostQueriesAtOnce == 0
                        ? "no query that a sample caught."
                        : "at most " + mostQueriesAtOnce + (mostQueriesAtOnce == 1 ? " query" : " queries")
                                + " at once.");
        return switch (outcome) {
            case STEADY ->
                " kept up in " + told(most) + ": at least " + Quantity.rate(worst.servedPerSecond()) + " of "
                        + Quantity.rate(worst.offeredPerSecond()) + " requests a second, a p99 of at most "
                        + Quantity.millis(slowest.p99Millis()) + end;
            case SLOW ->
                " kept up, but slowly: its p99 went from " + Quantity.millis(first.p99Millis()) + " to "
                        + Quantity.millis(slowest.p99Millis()) + " in phase “" + slowest.phase() + "”, with at least "
                        + Quantity.rate(worst.servedPerSecond()) + " requests a second served" + end;
            case FELL ->
                fall() + " in phase “" + worst.phase() + "”, with a p99 of " + Quantity.millis(worst.p99Millis()) + end;
        };
    }

    // A run that was cut short must not look as if it had stood all that another had to.
    private String told(int most) {
        if (phases == most) {
            return "every phase";
        }
        return phases == 1 ? "the one phase that it got to" : "the " + phases + " phases that it got to";
    }

    private String fall() {
        if (worst.equals(first)) {
            return " served " + Quantity.rate(worst.servedPerSecond()) + " of "
                    + Quantity.rate(worst.offeredPerSecond()) + " requests a second";
        }
        return " fell from " + Quantity.rate(first.servedPerSecond()) + " to " + Quantity.rate(worst.servedPerSecond())
                + " requests a second";
    }

    private static Outcome outcome(PhaseSummary first, PhaseSummary worst, PhaseSummary slowest) {
        if (servedShare(worst) < KEPT_UP) {
            return Outcome.FELL;
        }
        double p99 = known(slowest.p99Millis());
        return p99 >= SLOW_MILLIS && p99 > SLOWER * known(first.p99Millis()) ? Outcome.SLOW : Outcome.STEADY;
    }

    private static double servedShare(PhaseSummary phase) {
        return phase.offeredPerSecond() > 0 ? phase.servedPerSecond() / phase.offeredPerSecond() : 1;
    }

    private static double most(ClientRun run, ToDoubleFunction<Sample> figure) {
        return run.samples().stream()
                .filter(sample -> !Course.isWarmUp(sample.phase()))
                .mapToDouble(figure)
                .max()
                .orElse(0);
    }

    private static double known(double figure) {
        return Double.isFinite(figure) ? figure : 0;
    }

    private static String errors(long errors) {
        return Quantity.count(errors) + (errors == 1 ? " error" : " errors");
    }
}
