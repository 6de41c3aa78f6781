package io.levee.examples.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemcachedNodeTest {
    @Test
    void start_freshNode_answersAtOnce() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.ask("version")).startsWith("VERSION ");
            assertThat(wire.ask("mn")).isEqualTo("MN");
            assertThat(node.isRunning()).isTrue();
            assertThat(node.address()).isEqualTo("127.0.0.1:" + node.port());
        }
    }

    @Test
    void start_withSettings_nodeRunsWithThem() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder()
                        .memoryMegabytes(7)
                        .connectionLimit(33)
                        .maxItemBytes(262_144)
                        .extraArguments("-t", "2")
                        .start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.statistic(" settings", "maxbytes")).isEqualTo(Integer.toString(7 * 1024 * 1024));
            assertThat(wire.statistic(" settings", "maxconns")).isEqualTo("33");
            assertThat(wire.statistic(" settings", "item_size_max")).isEqualTo("262144");
            assertThat(wire.statistic(" settings", "num_threads")).isEqualTo("2");
            assertThat(wire.statistic(" settings", "udpport")).isEqualTo("0");
        }
    }

    @Test
    void pid_runningNode_isTheServersOwn() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.statistic("", "pid")).isEqualTo(Long.toString(node.pid()));
        }
    }

    @Test
    void start_passwordRequired_returnsWhenTheNodeRefuses(@TempDir Path folder) throws IOException {
        Path passwords = Files.writeString(folder.resolve("passwords"), "user:secret\n");
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        assertThat(passwords.toFile().setReadable(true, false)).isTrue();
        try (MemcachedNode node = MemcachedNode.builder()
                        .extraArguments("-Y", passwords.toString())
                        .start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.ask("get key")).startsWith("CLIENT_ERROR");
        }
    }

    @Test
    void kill_runningNode_isGoneAndConnectionsEnd() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start();
                Wire wire = Wire.to(node)) {
            assertThat(wire.ask("mn")).isEqualTo("MN");

            node.kill();

            assertThat(node.isRunning()).isFalse();
            assertThat(Wire.refuses(node.port())).isTrue();
            assertThatThrownBy(node::pid).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void restart_nodeWithItems_isEmptyOnTheSamePort() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            int port = node.port();
            long pid = node.pid();
            try (Wire wire = Wire.to(node)) {
                assertThat(wire.ask("ms key 2\r\nhi")).isEqualTo("HD");
            }

            node.restart();

            assertThat(node.port()).isEqualTo(port);
            assertThat(node.pid()).isNotEqualTo(pid);
            try (Wire wire = Wire.to(node)) {
                assertThat(wire.ask("mg key v")).isEqualTo("EN");
            }
        }
    }

    @Test
    void start_afterKill_keepsThePort() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            int port = node.port();
            node.kill();

            node.start();

            assertThat(node.port()).isEqualTo(port);
            try (Wire wire = Wire.to(node)) {
                assertThat(wire.ask("mn")).isEqualTo("MN");
            }
        }
    }

    @Test
    void hang_runningNode_answersNothingUntilResumed() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder().start();
                Wire wire = new Wire(node.port(), 200)) {
            node.hang();
            assertThat(node.isRunning()).isTrue();
            assertThatThrownBy(() -> wire.ask("mn")).isInstanceOf(SocketTimeoutException.class);

            node.resume();

            try (Wire another = Wire.to(node)) {
                assertThat(another.ask("mn")).isEqualTo("MN");
            }
        }
    }

    @Test
    void kill_hungNode_isGone() {
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            node.hang();

            node.kill();

            assertThat(Wire.refuses(node.port())).isTrue();
        }
    }

    @Test
    void connectionLimit_reached_nodeTurnsConnectionsAway() throws IOException {
        try (MemcachedNode node = MemcachedNode.builder()
                .connectionLimit(32)
                .extraArguments("-o", "maxconns_fast")
                .start()) {
            List<Wire> wires = new ArrayList<>();
            try {
                await().until(() -> {
                    Wire wire = Wire.to(node);
                    wires.add(wire);
                    String answer = wire.ask("mn");
                    return answer == null || answer.startsWith("ERROR");
                });
                assertThat(wires).hasSizeBetween(2, 33);
            } finally {
                for (Wire wire : wires) {
                    wire.close();
                }
            }
        }
    }

    @Test
    void close_runningNode_isGoneAndStartsNoMore() {
        MemcachedNode node = MemcachedNode.builder().start();

        node.close();

        assertThat(Wire.refuses(node.port())).isTrue();
        assertThatThrownBy(node::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void start_runningNode_isRefused() {
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("running already");
        }
    }

    @Test
    void start_portTaken_failsWithWhatMemcachedPrinted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MemcachedNode node =
                        MemcachedNode.builder().port(taken.getLocalPort()).build()) {
            assertThatThrownBy(node::start)
                    .isInstanceOf(MemcachedUnavailableException.class)
                    .hasMessageContaining("Address already in use");
            assertThat(node.isRunning()).isFalse();
        }
    }

    @Test
    void start_portOfAnotherMemcached_isNotTakenForOurs() {
        try (MemcachedNode other = MemcachedNode.builder().start();
                MemcachedNode node = MemcachedNode.builder().port(other.port()).build()) {
            assertThatThrownBy(node::start).isInstanceOf(MemcachedUnavailableException.class);
            assertThat(other.isRunning()).isTrue();
        }
    }

    @Test
    void build_settingOutOfBounds_namesSettingAndValue() {
        assertThatThrownBy(() -> MemcachedNode.builder().port(65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be 0 to 65535, but is 65536");
        assertThatThrownBy(() -> MemcachedNode.builder().connectionLimit(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connectionLimit must be 1 or more, but is 0");
    }
}
