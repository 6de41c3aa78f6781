package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The samples as JSON for the report's script. */
final class ReplayData {
    private ReplayData() {}

    static String json(List<ClientRun> runs, List<Look> looks) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> run(looks.get(i), runs.get(i)))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String run(Look look, ClientRun run) {
        return "{\"name\":" + text(look.name()) + ",\"look\":" + text(look.cssClass())
                + column("at", run, sample -> number(sample.atSeconds()))
                + column("phase", run, sample -> text(sample.phase()))
                + column("served", run, sample -> text(Quantity.rate(sample.requestsPerSecond())))
                + column("p50", run, sample -> text(Quantity.millis(sample.p50Millis())))
                + column("p99", run, sample -> text(Quantity.millis(sample.p99Millis())))
                + column("errors", run, sample -> text(Quantity.rate(sample.errorsPerSecond())))
                + column("running", run, sample -> text(Quantity.rate(sample.databaseQueriesRunning())))
                + column("queries", run, sample -> text(Quantity.rate(sample.databaseQueriesPerSecond())))
                + "}";
    }

    private static String column(String name, ClientRun run, Function<Sample, String> cell) {
        return run.samples().stream().map(cell).collect(Collectors.joining(",", ",\"" + name + "\":[", "]"));
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Quantity.plain(value) : "null";
    }

    /** A string that can end neither the script element nor, read as XML, anything else. */
    private static String text(String text) {
        return text.chars()
                .mapToObj(c -> c < 0x20 || c > 0x7E || "<>&\"\\'".indexOf(c) >= 0
                        ? String.format(Locale.ROOT, "\\u%04x", c)
                        : String.valueOf((char) c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
