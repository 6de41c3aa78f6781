package io.levee.examples.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemcachedBinaryTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

    @AfterEach
    void forgetSettings() {
        System.clearProperty("levee.memcached.image");
        System.clearProperty("levee.memcached.install");
    }

    @Test
    void find_programOnThePath_isTakenInSilence() {
        MemcachedBinary found = MemcachedBinary.find(out);

        assertThat(found.toString()).endsWith("/memcached");
        assertThat(said.size()).isZero();
    }

    @Test
    void find_severalPlaces_takesTheFirstThatIsAProgram(@TempDir Path folder) throws IOException {
        Path notExecutable = Files.createDirectory(folder.resolve("a"));
        Files.writeString(notExecutable.resolve("memcached"), "");
        Path first = program(folder.resolve("b"));
        Path second = program(folder.resolve("c"));

        MemcachedBinary found =
                MemcachedBinary.find(List.of(notExecutable, first.getParent(), second.getParent()), out);

        assertThat(found).hasToString(first.toString());
    }

    @Test
    void find_nothingThereAndInstallingForbidden_saysWhatToDo() {
        System.setProperty("levee.memcached.image", "levee.invalid/no-such-image:0");
        System.setProperty("levee.memcached.install", "false");

        assertThatThrownBy(() -> MemcachedBinary.find(List.of(), out))
                .isInstanceOf(MemcachedUnavailableException.class)
                .hasMessageContaining("Docker")
                .hasMessageContaining("installing is forbidden")
                .hasMessageEndingWith("Install the package memcached and run this again.");
    }

    @Test
    void start_programIsNoMemcached_failsWithWhatItPrinted(@TempDir Path folder) throws IOException {
        Path program = program(folder.resolve("d"));
        try (MemcachedNode node = MemcachedNode.builder()
                .binary(MemcachedBinary.executable(program))
                .build()) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(MemcachedUnavailableException.class)
                    .hasMessageContaining("ended while starting")
                    .hasMessageContaining("not memcached");
        }
    }

    private static Path program(Path folder) throws IOException {
        Path program = Files.createDirectory(folder).resolve("memcached");
        Files.writeString(program, "#!/bin/sh\necho this is not memcached\nexit 1\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
