package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** Against a stock memcached image, as users run it. Fails where there is no Docker engine: it is never skipped. */
@Testcontainers(disabledWithoutDocker = false)
class ContainerizedMemcachedTest {
    private static final DockerImageName IMAGE =
            DockerImageName.parse(System.getProperty("levee.test.memcached.image", "memcached:1.6"));

    @Container
    private static final GenericContainer<?> MEMCACHED =
            new GenericContainer<>(IMAGE).withExposedPorts(11211).waitingFor(new MemcachedAnswers());

    @Test
    void version_throughMappedPort_isAnswered() throws IOException {
        assertThat(ask("version")).matches("VERSION 1\\.6\\.\\d+.*");
    }

    @Test
    void metaNoop_throughMappedPort_isAnswered() throws IOException {
        assertThat(ask("mn")).isEqualTo("MN");
    }

    private static String ask(String line) throws IOException {
        try (Socket socket = new Socket(MEMCACHED.getHost(), MEMCACHED.getMappedPort(11211))) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** The usual wait runs a shell in the container, which a bare image of memcached does not have. */
    private static final class MemcachedAnswers extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            await().atMost(startupTimeout).ignoreExceptions().until(() -> "MN".equals(ask("mn")));
        }
    }
}
