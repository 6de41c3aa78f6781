package io.levee.cache.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.CacheClientMetrics;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.actuate.LeveeEndpoint;
import io.levee.cache.spring.actuate.MemcachedHealthIndicator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When meters, health and endpoint are there. No node is up. */
class MonitoringConditionsTest {
    private final ApplicationContextRunner application = Application.on("127.0.0.1:1")
            .withPropertyValues("levee.connect-timeout=100ms")
            .withConfiguration(AutoConfigurations.of(
                    LeveeMetricsAutoConfiguration.class,
                    MemcachedHealthContributorAutoConfiguration.class,
                    LeveeEndpointAutoConfiguration.class));

    private final ApplicationContextRunner exposed =
            application.withPropertyValues("management.endpoints.web.exposure.include=levee");

    @Test
    void meters_withARegistry_areThere() {
        application
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context).hasSingleBean(CacheClientMetrics.class));
    }

    @Test
    void meters_withTheRegistryOfSpringBoot_areThere() {
        application
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class))
                .run(context -> assertThat(context).hasSingleBean(CacheClientMetrics.class));
    }

    @Test
    void meters_withoutARegistry_areNot() {
        application.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CacheClientMetrics.class));
    }

    @Test
    void meters_ofTheApplication_areKept() {
        application
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withUserConfiguration(OwnMeters.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheClientMetrics.class)
                        .hasBean("mine"));
    }

    @Test
    void everything_withoutMicrometerAndActuator_isAbsent() {
        exposed.withClassLoader(new FilteredClassLoader(
                        MeterRegistry.class, HealthIndicator.class, ConditionalOnAvailableEndpoint.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(CacheClient.class)
                        .doesNotHaveBean("leveeClientMetrics")
                        .doesNotHaveBean("memcachedHealthIndicator")
                        .doesNotHaveBean("leveeEndpoint"));
    }

    @Test
    void everything_withoutLevee_isAbsent() {
        exposed.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("levee.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CacheClientMetrics.class)
                        .doesNotHaveBean(MemcachedHealthIndicator.class)
                        .doesNotHaveBean(LeveeEndpoint.class));
    }

    @Test
    void health_byDefault_isToldAndDegradedWhenEveryNodeIsDead() {
        application.run(context -> {
            Health health = context.getBean(MemcachedHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(MemcachedHealthIndicator.DEGRADED);
            assertThat(health.getDetails()).containsEntry("memcached", "DOWN");
            assertThat(health.getDetails().get("nodes").toString())
                    .contains("127.0.0.1:1", "state=", "since=", "lastError=");
        });
    }

    @Test
    void health_switchedOff_isNotTold() {
        application
                .withPropertyValues("management.health.memcached.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MemcachedHealthIndicator.class));
        application
                .withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(MemcachedHealthIndicator.class));
    }

    @Test
    void health_ofTheApplication_isKept() {
        for (String name : List.of("memcachedHealthIndicator", "memcachedHealthContributor")) {
            application
                    .withBean(
                            name, HealthIndicator.class, () -> () -> Health.up().build())
                    .run(context -> assertThat(context).doesNotHaveBean(MemcachedHealthIndicator.class));
        }
    }

    @Test
    void endpoint_exposed_isThere() {
        exposed.run(context -> assertThat(context).hasSingleBean(LeveeEndpoint.class));
    }

    @Test
    void endpoint_ofTheApplication_isKept() {
        exposed.withUserConfiguration(OwnEndpoint.class)
                .run(context ->
                        assertThat(context).hasSingleBean(LeveeEndpoint.class).hasBean("mine"));
    }

    @Test
    void endpoint_notExposedOrForbidden_isNot() {
        application.run(context -> assertThat(context).doesNotHaveBean(LeveeEndpoint.class));
        exposed.withPropertyValues("management.endpoint.levee.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(LeveeEndpoint.class));
    }

    @Test
    void connectionDetails_haveTheNodesWhateverThePropertiesSay() {
        Application.bare()
                .withPropertyValues("levee.connect-timeout=100ms", "levee.nodes=127.0.0.1:2")
                .withBean("one", LeveeConnectionDetails.class, () -> () -> List.of("127.0.0.1:3", "127.0.0.1:4"))
                .withBean("two", LeveeConnectionDetails.class, () -> () -> List.of("127.0.0.1:5"))
                .run(context -> assertThat(
                                context.getBean(CacheClient.class).health().nodes())
                        .extracting(node -> node.address().toString())
                        .containsExactly("127.0.0.1:3", "127.0.0.1:4", "127.0.0.1:5"));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnEndpoint {
        @Bean
        LeveeEndpoint mine(CacheClient client, LeveeCaches caches) {
            return new LeveeEndpoint(client, caches);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMeters {
        @Bean
        CacheClientMetrics mine(CacheClient client) {
            return new CacheClientMetrics(client);
        }
    }
}
