package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.Sample;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every second of every client as one row of a CSV file, as RFC 4180 has it. */
public final class CsvReport {
    private static final List<String> COLUMNS = List.of(
            "client",
            "at_seconds",
            "phase",
            "served_per_second",
            "offered_per_second",
            "errors_per_second",
            "p50_millis",
            "p99_millis",
            "database_queries_running",
            "database_queries_per_second",
            "stats_queries_per_second",
            "requests_in_flight");

    private CsvReport() {}

    /** Writes the file, with a header line and then one line a sample; a figure that is not known is an empty field. */
    public static void write(Replay replay, Path file) throws IOException {
        int nodes = replay.runs().stream()
                .flatMap(run -> run.samples().stream())
                .mapToInt(sample -> sample.nodes().size())
                .max()
                .orElse(0);
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write(line(header(nodes)));
            for (ClientRun run : replay.runs()) {
                for (Sample sample : run.samples()) {
                    out.write(line(row(run.client(), sample, nodes)));
                }
            }
        }
    }

    private static List<String> header(int nodes) {
        List<String> fields = new ArrayList<>(COLUMNS);
        for (int node = 1; node <= nodes; node++) {
            fields.add("node_" + node);
        }
        return fields;
    }

    private static List<String> row(String client, Sample sample, int nodes) {
        List<String> fields = new ArrayList<>(List.of(
                client,
                Quantity.plain(sample.atSeconds()),
                sample.phase(),
                Quantity.plain(sample.requestsPerSecond()),
                Quantity.plain(sample.offeredPerSecond()),
                Quantity.plain(sample.errorsPerSecond()),
                Quantity.plain(sample.p50Millis()),
                Quantity.plain(sample.p99Millis()),
                Integer.toString(sample.databaseQueriesRunning()),
                Quantity.plain(sample.databaseQueriesPerSecond()),
                Quantity.plain(sample.statsQueriesPerSecond()),
                Integer.toString(sample.requestsInFlight())));
        List<NodeStatus> statuses = sample.nodes();
        for (int node = 0; node < nodes; node++) {
            fields.add(node < statuses.size() ? statuses.get(node).name().toLowerCase(Locale.ROOT) : "");
        }
        return fields;
    }

    private static String line(List<String> fields) {
        return String.join(",", fields.stream().map(CsvReport::field).toList()) + "\r\n";
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
