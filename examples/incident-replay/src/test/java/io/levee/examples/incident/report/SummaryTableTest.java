package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.Replay;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTableTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 80, 81, 120})
    void render_anyWidth_noLineIsLonger(int width) {
        String name = "a client whose name is longer than any table could bear to show in full";
        PhaseSummary phase = new PhaseSummary(
                name.repeat(2), 1e6, 123_456, 1, 123_456_789, 1, 1e6, 1, 1, 99_999, 99_999, 1, 3, null);
        ClientRun run = new ClientRun(name, List.of(), List.of(), List.of(phase));

        String table = SummaryTable.render(replay(run), width);

        assertThat(table.lines()).allMatch(line -> line.length() <= Math.max(80, width));
        assertThat(table).contains("123,456,789").contains("99,999 of 99,999").matches("[\\x20-\\x7E\\n]+");
    }

    @Test
    void render_crash_hasEachClientUnderEachPhase() {
        String table = SummaryTable.render(SampleReplays.crash(), 80);

        assertThat(table).contains("""
                        3 dead
                          levee                0       600   0.2 ms    5 ms       0       8   72 of 300
                          spymemcached         0        26      9 s    11 s     370      40  360 of 300
                        """);
    }

    @Test
    void render_interruptedOrEmpty_saysSo() {
        assertThat(SummaryTable.render(SampleReplays.interrupted(), 80)).contains("was interrupted");
        assertThat(SummaryTable.render(SampleReplays.interruptedAtOnce(), 80))
                .contains("No phase was measured.")
                .contains("was interrupted");
        assertThat(SummaryTable.render(SampleReplays.withoutRuns(), 80)).contains("No phase was measured.");
    }

    @Test
    void render_hostileTexts_areMadeHarmless() {
        assertThat(SummaryTable.render(SampleReplays.hostile(), 80)).doesNotContain("\u001b");
    }

    private static Replay replay(ClientRun run) {
        return new Replay("crash", Map.of(), Instant.EPOCH, "a machine", List.of(run), false);
    }
}
