package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The plots of a replay: what each shows, of whom, and what is to be seen in it. */
final class Plots {
    private static final String WORST_SECOND = "Requests served in the worst second: ";

    private final List<ClientRun> runs;
    private final List<Look> looks;

    Plots(List<ClientRun> runs, List<Look> looks) {
        this.runs = runs;
        this.looks = looks;
    }

    List<Plot> all() {
        return List.of(throughput(), latency(), queriesRunning(), queriesPerSecond(), errors(), requestsInFlight())
                .stream()
                .filter(plot -> !plot.isEmpty())
                .toList();
    }

    private Plot throughput() {
        List<Series> series = new ArrayList<>();
        runs.stream()
                .max(Comparator.comparingInt(run -> run.samples().size()))
                .ifPresent(run -> series.add(Series.reference("offered", run, Sample::offeredPerSecond)));
        series.addAll(mainLines(Sample::requestsPerSecond));
        String finding = finding(WORST_SECOND, run -> extreme(run, Sample::requestsPerSecond, false), Quantity::rate);
        return new Plot("served", "Requests served", "requests/s", finding, Plot.Measure.SERVED, series);
    }

    private Plot latency() {
        List<Series> series = new ArrayList<>(thinLines("p50", sample -> answered(sample.p50Millis())));
        for (Series line : mainLines(sample -> answered(sample.p99Millis()))) {
            series.add(line.labelled(line.label() + " p99"));
        }
        String finding =
                finding("Highest p99 of a second: ", run -> extreme(run, Sample::p99Millis, true), Quantity::millis);
        return new Plot("latency", "Time to answer", "p50 and p99", finding, Plot.Measure.LATENCY, series);
    }

    private Plot queriesRunning() {
        String finding = most("Most database queries at once: ", Sample::databaseQueriesRunning);
        List<Series> series = mainLines(Sample::databaseQueriesRunning);
        return new Plot("running", "Database queries running", "queries", finding, Plot.Measure.LOAD, series);
    }

    private Plot queriesPerSecond() {
        List<Series> series = new ArrayList<>(thinLines("stats", Sample::statsQueriesPerSecond));
        for (Series line : mainLines(Sample::databaseQueriesPerSecond)) {
            series.add(line.labelled(line.label() + " all"));
        }
        String finding = most("Most database queries in a second: ", Sample::databaseQueriesPerSecond);
        return new Plot(
                "queries",
                "Database queries, all and those of the slow stats page",
                "queries/s",
                finding,
                Plot.Measure.LOAD,
                series);
    }

    private Plot errors() {
        String finding = most("Most errors in a second: ", Sample::errorsPerSecond);
        return new Plot("errors", "Errors", "errors/s", finding, Plot.Measure.LOAD, mainLines(Sample::errorsPerSecond));
    }

    private Plot requestsInFlight() {
        String finding = most("Most requests waiting for their answer at once: ", Sample::requestsInFlight);
        List<Series> series = mainLines(Sample::requestsInFlight);
        return new Plot("waiting", "Requests waiting", "requests", finding, Plot.Measure.LOAD, series);
    }

    private List<Series> mainLines(ToDoubleFunction<Sample> figure) {
        List<Series> series = new ArrayList<>(IntStream.range(0, runs.size())
                .mapToObj(i -> Series.of(looks.get(i), runs.get(i), figure))
                .toList());
        // The first client is the one that the report is about: its line lies on top.
        Collections.reverse(series);
        return series;
    }

    private List<Series> thinLines(String suffix, ToDoubleFunction<Sample> figure) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> Series.thin(looks.get(i), suffix, runs.get(i), figure))
                .toList();
    }

    private String most(String opening, ToDoubleFunction<Sample> figure) {
        return finding(opening, run -> extreme(run, figure, true), Quantity::rate);
    }

    private String finding(
            String opening, Function<ClientRun, Optional<Series.Point>> extreme, Function<Double, String> written) {
        Course course = Course.of(runs);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            String name = looks.get(i).name();
            extreme.apply(runs.get(i)).ifPresent(point -> {
                String phase = course.phaseAt(point.seconds());
                boolean never = point.value() == 0 && !opening.equals(WORST_SECOND);
                String when = never ? "" : " (at " + Quantity.clock(point.seconds()) + ", " + phase + ")";
                parts.add(name + " " + written.apply(point.value()) + when);
            });
        }
        return opening + String.join("; ", parts) + ".";
    }

    private static Optional<Series.Point> extreme(ClientRun run, ToDoubleFunction<Sample> figure, boolean highest) {
        Comparator<Series.Point> byValue = Comparator.comparingDouble(Series.Point::value);
        return run.samples().stream()
                .filter(sample -> !Course.isWarmUp(sample.phase()))
                .map(sample -> new Series.Point(sample.atSeconds(), figure.applyAsDouble(sample)))
                .filter(Series.Point::isKnown)
                .min(highest ? byValue.reversed() : byValue);
    }

    // A second in which nothing was answered has no latency; a zero would drop to the floor of the plot and look fast.
    private static double answered(double millis) {
        return millis > 0 ? millis : Double.NaN;
    }
}
