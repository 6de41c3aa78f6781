package io.levee.examples.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same behaviour when the node is a container. Needs a Docker engine that has, or can pull, the image. */
class MemcachedNodeInDockerTest {
    private static final String IMAGE = System.getProperty("levee.test.memcached.image", "memcached:1.6");

    private final MemcachedBinary binary = MemcachedBinary.dockerImage(IMAGE);

    @AfterEach
    void forgetSettings() {
        System.clearProperty("levee.memcached.image");
    }

    @Test
    void find_noProgramButAnEngineWithTheImage_takesTheImage() {
        System.setProperty("levee.memcached.image", IMAGE);
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        assertThat(MemcachedBinary.find(List.of(), out)).hasToString("Docker image " + IMAGE);
    }

    @Test
    void start_withSettings_nodeRunsWithThem() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder()
                        .binary(binary)
                        .connectionLimit(77)
                        .start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.ask("mn")).isEqualTo("MN");
            assertThat(wire.statistic(" settings", "maxconns")).isEqualTo("77");
            assertThat(ProcessHandle.of(node.pid())).isPresent();
        }
    }

    @Test
    void restart_nodeWithItems_isEmptyOnTheSamePort() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().binary(binary).start()) {
            int port = node.port();
            try (Wire wire = Wire.to(node)) {
                assertThat(wire.ask("ms key 2\r\nhi")).isEqualTo("HD");
            }

            node.kill();
            assertThat(node.isRunning()).isFalse();
            assertThat(Wire.refuses(port)).isTrue();
            node.start();

            assertThat(node.port()).isEqualTo(port);
            try (Wire wire = Wire.to(node)) {
                assertThat(wire.ask("mg key v")).isEqualTo("EN");
            }
        }
    }

    @Test
    void hang_runningNode_answersNothingUntilResumed() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().binary(binary).start();
                Wire wire = new Wire(node.port(), 200)) {
            node.hang();
            assertThatThrownBy(() -> wire.ask("mn")).isInstanceOf(SocketTimeoutException.class);

            node.resume();

            try (Wire another = Wire.to(node)) {
                assertThat(another.ask("mn")).isEqualTo("MN");
            }
        }
    }

    @Test
    void kill_hungNode_isGone() {
        try (MemcachedNode node = MemcachedNode.builder().binary(binary).start()) {
            node.hang();

            node.kill();

            assertThat(Wire.refuses(node.port())).isTrue();
        }
    }

    @Test
    void start_noSuchImage_failsWithWhatDockerPrinted() {
        try (MemcachedNode node = MemcachedNode.builder()
                .binary(MemcachedBinary.dockerImage("levee.invalid/no-such-image:0"))
                .build()) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(MemcachedUnavailableException.class)
                    .hasMessageContaining("levee.invalid/no-such-image:0");
        }
    }
}
