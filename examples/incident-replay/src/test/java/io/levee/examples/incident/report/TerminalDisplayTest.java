package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.ReplayProgress;
import io.levee.examples.incident.timeline.Sample;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalDisplayTest {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void forConsole_noTerminal_writesALineASecondWithoutEscapes() {
        Replay replay = SampleReplays.crash();
        try (ReplayProgress display = TerminalDisplay.forConsole(out, false)) {
            play(replay, display);
        }

        String text = written(StandardCharsets.UTF_8);
        int samples =
                replay.runs().stream().mapToInt(run -> run.samples().size()).sum();
        assertThat(text)
                .doesNotContain("\u001b")
                .contains("node 1 killed with SIGKILL")
                .contains("hello");
        assertThat(text.lines().filter(line -> line.contains("offered") || line.contains("db running")))
                .hasSize(samples);
    }

    @Test
    void liveScreen_terminal_redrawsInPlaceAndRestoresTheCursor() {
        TerminalTraits traits = new TerminalTraits(80, 24, true, StandardCharsets.UTF_8);
        try (ReplayProgress display = new LiveScreen(out, traits)) {
            play(SampleReplays.crash(), display);
        }

        String text = written(StandardCharsets.UTF_8);
        assertThat(text)
                .startsWith(HIDE_CURSOR)
                .endsWith(SHOW_CURSOR)
                .contains("\u001b[17A\r")
                .contains("✗ 1 killed")
                .contains("█");
        assertThat(text.split("hello", -1)).hasSize(2);
    }

    @Test
    void liveScreen_drawnOnAfterClose_leavesTheCursorVisible() {
        LiveScreen display = new LiveScreen(out, new TerminalTraits(80, 24, true, StandardCharsets.UTF_8));
        play(SampleReplays.crash(), display);
        display.close();
        display.message("written report.html");
        display.close();

        String text = written(StandardCharsets.UTF_8);
        assertThat(text.lastIndexOf(SHOW_CURSOR)).isGreaterThan(text.lastIndexOf(HIDE_CURSOR));
        assertThat(text).contains("written report.html");
    }

    @Test
    void liveScreen_noColour_redrawsWithoutColour() {
        try (ReplayProgress display = new LiveScreen(out, new TerminalTraits(80, 24, false, StandardCharsets.UTF_8))) {
            play(SampleReplays.crash(), display);
        }

        assertThat(written(StandardCharsets.UTF_8))
                .doesNotContainPattern("\u001b\\[[0-9;]*m")
                .contains("\u001b[17A");
    }

    @Test
    void liveScreen_asciiConsole_writesAsciiOnly() {
        try (ReplayProgress display =
                new LiveScreen(out, new TerminalTraits(80, 24, true, StandardCharsets.US_ASCII))) {
            play(SampleReplays.crash(), display);
        }

        String text = written(StandardCharsets.ISO_8859_1);
        assertThat(text.chars()).allMatch(c -> c < 0x7F);
        assertThat(text).contains("x 1 killed").contains("##");
    }

    @ParameterizedTest
    @CsvSource({"80, 24", "40, 24", "20, 10", "300, 50", "80, 3"})
    void lines_anyTerminal_fitIt(int columns, int rows) {
        LiveFrame frame = new LiveFrame(new TerminalTraits(columns, rows, false, StandardCharsets.UTF_8));
        frame.started("a scenario with a long name", List.of("levee", "spymemcached"), 60);
        for (ClientRun run : SampleReplays.crash().runs()) {
            for (Sample sample : run.samples()) {
                frame.phase(run.client(), sample.phase(), 3, 10);
                frame.sample(run.client(), sample, 0.5);
            }
            run.events().forEach(event -> frame.event(run.client(), event));
        }

        assertThat(frame.lines()).hasSizeLessThan(rows).allMatch(line -> line.length() < columns);
    }

    @Test
    void lines_sameEventOfAllClients_isToldOnce() {
        LiveFrame frame = new LiveFrame(new TerminalTraits(80, 24, false, StandardCharsets.UTF_8));
        frame.started("crash", List.of("levee", "spymemcached"), 60);
        frame.event("levee", new Event(10, "node 1", "killed", Event.Kind.FAULT));
        frame.event("spymemcached", new Event(10.1, "node 1", "killed", Event.Kind.FAULT));

        assertThat(frame.lines().stream().filter(line -> line.contains("killed")))
                .containsExactly("  0:10  node 1 killed");
    }

    @Test
    void lines_eventWithEscapeSequence_isMadeHarmless() {
        LiveFrame frame = new LiveFrame(new TerminalTraits(80, 24, false, StandardCharsets.UTF_8));
        frame.event("levee", new Event(1, null, "says \u001b[2J", Event.Kind.OBSERVED));

        assertThat(String.join("", frame.lines())).doesNotContain("\u001b");
    }

    private static void play(Replay replay, ReplayProgress display) {
        display.started(
                replay.scenario(), replay.runs().stream().map(ClientRun::client).toList(), 58);
        display.message("hello");
        for (ClientRun run : replay.runs()) {
            for (Sample sample : run.samples()) {
                display.phase(run.client(), sample.phase(), 1, 10);
                display.sample(run.client(), sample, sample.atSeconds() / 58);
            }
            run.events().forEach(event -> display.event(run.client(), event));
        }
    }

    private String written(Charset charset) {
        return bytes.toString(charset);
    }
}
