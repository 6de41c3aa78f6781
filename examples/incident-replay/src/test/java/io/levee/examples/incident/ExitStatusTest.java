package io.levee.examples.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitStatusTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void help_run_printsItAndSucceeds() {
        assertThat(run("--help")).isZero();

        assertThat(text(out)).contains("usage: incident-replay", "--scenario", "connection-limit");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void badOption_run_saysSoInOneLineAndReturnsTwo() {
        assertThat(run("--rate", "lots")).isEqualTo(2);

        assertThat(text(err))
                .isEqualToIgnoringNewLines("incident-replay: --rate must be a whole number, 1 to 50000, but is 'lots'");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void jdbcUrlWithoutDriver_run_saysSoInOneLineAndReturnsOne(@TempDir Path folder) {
        int status = run("--jdbc-url", "jdbc:oracle:thin:@x", "--client", "none", "--out", folder.toString());

        assertThat(status).isEqualTo(1);
        assertThat(text(err))
                .isEqualToIgnoringNewLines(
                        "incident-replay: no JDBC driver on the class path accepts jdbc:oracle:thin:@x");
    }

    @Test
    void outThatIsAFile_run_saysSoAndReturnsOne(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("taken"), "");

        assertThat(run("--out", file.toString())).isEqualTo(1);
        assertThat(text(err)).startsWith("incident-replay: ").contains("taken").hasLineCount(1);
    }

    private int run(String... arguments) {
        return new IncidentReplay(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false)
                .run(arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
