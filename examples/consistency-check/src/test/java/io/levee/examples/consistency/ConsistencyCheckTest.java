package io.levee.examples.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Short runs with real processes. What is asserted is what was found, never how fast. */
class ConsistencyCheckTest {
    private static final String KEPT = "histories and logs: ";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void deleteWhatWasKept() throws Exception {
        for (String line :
                lines().stream().filter(line -> line.startsWith(KEPT)).toList()) {
            try (Stream<Path> files = Files.walk(Path.of(line.substring(KEPT.length())))) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void levee_underFaults_keepsItsPromise() {
        int status = run("--seconds", "10", "--seed", "11");

        assertThat(lines()).as(text()).contains("violations    none");
        assertThat(status).isZero();
        assertThat(lines()).filteredOn(line -> line.startsWith("fault ")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(lines()).noneMatch(line -> line.startsWith(KEPT));
    }

    @Test
    void fillsWithoutToken_planted_areFound() {
        int status = run("--seconds", "6", "--seed", "11", "--plant", "fill-without-token");

        assertThat(status).as(text()).isEqualTo(1);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("VIOLATION OTHERS_WRITE") || line.startsWith("VIOLATION OWN_WRITE"))
                .anyMatch(line -> line.startsWith("  write "))
                .anyMatch(line -> line.startsWith("  read "))
                .anyMatch(line -> line.startsWith("again with: ./consistency-check --seed 11 "));
    }

    @Test
    void lostReplay_planted_isFound() {
        int status = run("--seconds", "8", "--seed", "11", "--plant", "no-replay");

        assertThat(status).as(text()).isEqualTo(1);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("VIOLATION OWN_WRITE") || line.startsWith("VIOLATION HEALED"))
                .anyMatch(line -> line.startsWith("  fault "));
    }

    private int run(String... arguments) {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new ConsistencyCheck(out, out).run(arguments);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return text().lines().toList();
    }
}
