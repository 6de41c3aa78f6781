package io.levee.cache.spring.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.spring.autoconfigure.LeveeAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeConnectionDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.lifecycle.TestcontainersLifecycleApplicationContextInitializer;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** Real containers, started by Spring Boot, without {@code levee.nodes}. */
class NodesInContainersTest {
    private static final String IMAGE = System.getProperty("levee.test.memcached.image", "memcached:1.6");

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(LeveeAutoConfiguration.class)
    static class Site {}

    @Configuration(proxyBeanMethods = false)
    static class Container {
        @Bean
        @ServiceConnection("memcached")
        GenericContainer<?> memcached() {
            // The usual wait runs a shell in the container, which a bare image of memcached does not have; a node that
            // is not up
            // yet is no trouble for the client.
            return new GenericContainer<>(DockerImageName.parse(IMAGE))
                    .withExposedPorts(11211)
                    .waitingFor(new AbstractWaitStrategy() {
                        @Override
                        protected void waitUntilReady() {}
                    });
        }
    }

    private static void awaitAllUp(CacheClient client) {
        await().atMost(Duration.ofSeconds(60)).until(() -> client.health().status() == HealthStatus.UP);
        client.cache("greetings", String.class, String.class)
                .expireAfterWrite(Duration.ofMinutes(1))
                .build()
                .put("hello", "world");
        assertThat(client.caches().get(0).stats().writes()).isEqualTo(1);
    }

    @Test
    void serviceConnection_onAContainer_namesTheNode() {
        new ApplicationContextRunner()
                .withInitializer(new TestcontainersLifecycleApplicationContextInitializer())
                .withConfiguration(
                        AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, LeveeAutoConfiguration.class))
                .withUserConfiguration(Container.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(LeveeConnectionDetails.class);
                    GenericContainer<?> container = context.getBean(GenericContainer.class);
                    CacheClient client = context.getBean(CacheClient.class);
                    assertThat(client.health().nodes())
                            .extracting(node -> node.address().toString())
                            .containsExactly(container.getHost() + ":" + container.getMappedPort(11211));
                    awaitAllUp(client);
                });
    }

    @Test
    void dockerCompose_eachService_isANode(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("compose.yaml");
        Files.writeString(file, """
                services:
                  cache-one:
                    image: %1$s
                    network_mode: bridge
                    ports: ["127.0.0.1::11211"]
                    labels:
                      org.springframework.boot.service-connection: memcached
                      levee.test: %2$s
                  cache-two:
                    image: %1$s
                    network_mode: bridge
                    ports: ["127.0.0.1::11211"]
                    labels:
                      org.springframework.boot.service-connection: memcached
                      levee.test: %2$s
                """.formatted(IMAGE, folder.getFileName()));
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Site.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.docker.compose.skip.in-tests=false",
                        "spring.docker.compose.file=" + file,
                        // It stops them when the JVM ends, which does not wait for it in a test.
                        "spring.docker.compose.lifecycle-management=start-only",
                        "levee.connect-timeout=10s")
                .run()) {
            CacheClient client = context.getBean(CacheClient.class);
            assertThat(client.health().nodes())
                    .hasSize(2)
                    .extracting(NodeHealth::address)
                    .doesNotHaveDuplicates();
            awaitAllUp(client);
        } finally {
            remove("levee.test=" + folder.getFileName());
        }
    }

    private static void remove(String label) throws IOException {
        for (String container :
                docker("ps", "-aq", "--filter", "label=" + label).split("\\s+", -1)) {
            docker("rm", "-f", container);
        }
    }

    private static String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
