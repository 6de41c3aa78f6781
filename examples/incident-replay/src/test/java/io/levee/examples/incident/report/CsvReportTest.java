package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReportTest {
    private static final String HEADER = "client,at_seconds,phase,served_per_second,offered_per_second,"
            + "errors_per_second,p50_millis,p99_millis,database_queries_running,database_queries_per_second,"
            + "stats_queries_per_second,requests_in_flight";

    @TempDir
    private Path folder;

    @Test
    void write_crash_hasARowForEachSampleAndClient() throws IOException {
        Replay replay = SampleReplays.crash();

        String[] lines = write(replay).split("\r\n", -1);

        int samples =
                replay.runs().stream().mapToInt(run -> run.samples().size()).sum();
        assertThat(lines).hasSize(1 + samples + 1).endsWith("");
        assertThat(lines[0]).isEqualTo(HEADER + ",node_1,node_2,node_3");
        assertThat(lines[1]).startsWith("levee,1,warm-up,").endsWith(",up,up,up");
        assertThat(lines[samples]).startsWith("spymemcached,58,restarted,");
    }

    @Test
    void write_textWithCommasQuotesAndLines_isQuoted() throws IOException {
        assertThat(write(of("a,\"b\"\nc", 1.5))).contains("levee,1,\"a,\"\"b\"\"\nc\",600,600,0,0.25,1.5,");
    }

    @Test
    void write_unknownLatency_isAnEmptyField() throws IOException {
        assertThat(write(of("healthy", Double.NaN))).contains(",0.25,,2,");
    }

    @Test
    void write_noRuns_isTheHeaderAlone() throws IOException {
        assertThat(write(SampleReplays.withoutRuns())).isEqualTo(HEADER + "\r\n");
    }

    private static Replay of(String phase, double p99) {
        Sample sample = new Sample(1, phase, 600, 0, 0.25, p99, 600, 2, 3, 4, 5, List.of(NodeStatus.HUNG));
        ClientRun run = new ClientRun("levee", List.of(sample), List.of(), List.of());
        return new Replay("crash", Map.of(), Instant.EPOCH, "a machine", List.of(run), false);
    }

    private String write(Replay replay) throws IOException {
        Path file = folder.resolve("report.csv");
        CsvReport.write(replay, file);
        return Files.readString(file);
    }
}
