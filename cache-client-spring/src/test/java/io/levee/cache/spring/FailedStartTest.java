package io.levee.cache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.spring.autoconfigure.LeveeAutoConfiguration;
import io.levee.cache.spring.autoconfigure.LeveeCachingAutoConfiguration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a start-up that fails says: which property, its value, and what to write. */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTest {
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({LeveeAutoConfiguration.class, LeveeCachingAutoConfiguration.class})
    static class Shop {
        @Bean
        CacheDefinition<Long, String> stats() {
            return CacheDefinition.of("stats", Long.class, String.class).loader(id -> "v" + id);
        }
    }

    static class Untyped {
        @Cacheable("pages")
        public Object page(long id) {
            return "page " + id;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @ImportAutoConfiguration({LeveeAutoConfiguration.class, LeveeCachingAutoConfiguration.class})
    static class CachingShop {
        @Bean
        Untyped untyped() {
            return new Untyped();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Discovery {
        @Bean
        NodeDiscovery discovery() {
            return NodeDiscovery.fixed(List.of(NodeAddress.parse("127.0.0.1:1")));
        }
    }

    /** @param properties those with the value - are left out */
    private static void run(List<Class<?>> sources, String... properties) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("levee.nodes", "127.0.0.1:1");
        arguments.put("levee.defaults.expire-after-write", "10m");
        for (String property : properties) {
            int equals = property.indexOf('=');
            arguments.put(property.substring(0, equals), property.substring(equals + 1));
        }
        arguments.values().remove("-");
        new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .web(WebApplicationType.NONE)
                .run(arguments.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new))
                .close();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("levee.operation-timeout=0ms", "1 ms to 1 min"),
                Arguments.of("levee.connect-timeout=1ms", "10 ms to 1 min"),
                Arguments.of("levee.probe-interval=2h", "100 ms to 1 h"),
                Arguments.of("levee.reconnect-backoff.first=1h", "1 ms to 30 s"),
                Arguments.of("levee.reconnect-backoff.max=2h", "1 ms to 1 h"),
                Arguments.of("levee.breaker.window=0", "1 to 10000"),
                Arguments.of("levee.breaker.failure-rate-percent=101", "1 to 100"),
                Arguments.of("levee.local-bytes=-1B", "0 or more"),
                Arguments.of("levee.name=my shop", "1 to 40 letters, digits, dots and dashes"),
                Arguments.of("levee.key-prefix=" + "x".repeat(51), "at most 50 characters"),
                Arguments.of("levee.nodes=host:port", "the port must be a number"),
                Arguments.of("levee.caches.stats.near-cache=31d", "1 ms to 30 d"),
                Arguments.of("levee.caches.stats.near-cache=20m", "at most expireAfterWrite, 10 min"),
                Arguments.of("levee.caches.stats.refresh-after-write=10m", "less than expireAfterWrite, 10 min"),
                Arguments.of("levee.caches.stats.expire-after-write=0s", "1 ms to 30 d"),
                Arguments.of("levee.caches.stats.stale-for=-1s", "0 ms to 30 d"),
                Arguments.of("levee.caches.stats.cache-absent=31d", "1 ms to 30 d"),
                Arguments.of("levee.caches.stats.expiry-jitter=0.6", "0 to 0.5"),
                Arguments.of("levee.caches.stats.max-concurrent-loads=0", "1 to 10000"),
                Arguments.of("levee.caches.stats.load-wait=2h", "0 ms to 1 h"),
                Arguments.of("levee.caches.stats.load-timeout.hard=2h", "1 ms to 1 h"),
                Arguments.of("levee.caches.stats.load-timeout.soft=1s", "hard is not"),
                Arguments.of("levee.caches.stats.schema-version=-1", "0 to 65535"),
                Arguments.of("levee.caches.stats.lease.ttl=1500ms", "1 s to 1 h in whole seconds"),
                Arguments.of("levee.caches.stats.periodic-write-through.period=10m", "keys-read-within"),
                Arguments.of("levee.defaults.near-cache=31d", "1 ms to 30 d"),
                Arguments.of("levee.defaults.lease.ttl=0s", "1 s to 1 h in whole seconds"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongValue_atStart_isNamedWithItsBound(String property, String bound, CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), property)).isInstanceOf(Exception.class);

        String name = property.substring(0, property.indexOf('='));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: " + name)
                .contains("Value: " + property.substring(property.indexOf('=') + 1))
                .contains("Origin: \"" + name + "\" from property source \"commandLineArgs\"")
                .contains(bound);
    }

    @Test
    void softTimeout_longerThanTheHardOne_isNamed(CapturedOutput output) {
        assertThatThrownBy(() -> run(
                        List.of(Shop.class),
                        "levee.defaults.load-timeout.hard=1s",
                        "levee.caches.stats.load-timeout.soft=2s"))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains("Property: levee.caches.stats.load-timeout.soft")
                .contains("1 ms to 1 s");
    }

    @Test
    void gutterTtl_ofLessThanASecond_isNamed(CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), "levee.outage.mode=gutter", "levee.outage.gutter-ttl=1ms"))
                .isInstanceOf(Exception.class);

        assertThat(output).contains("Property: levee.outage.gutter-ttl").contains("1 s to 1 h in whole seconds");
    }

    @Test
    void noNodes_atStart_saysWhatToWrite(CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), "levee.nodes=")).isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "There are no memcached nodes: levee.nodes is not set, and there is no bean of type NodeDiscovery.")
                .contains("Write levee.nodes=host1:11211,host2:11211, or levee.enabled=false");
    }

    @Test
    void nodesAndADiscovery_atStart_areOneTooMany(CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class, Discovery.class))).isInstanceOf(Exception.class);

        assertThat(output).contains("levee.nodes names nodes, and there is a bean of type NodeDiscovery too.");
    }

    @Test
    void noExpireAfterWrite_atStart_saysWhatToWrite(CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), "levee.defaults.expire-after-write=-"))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains(
                        "Write levee.caches.stats.expire-after-write=10m for this cache, or levee.defaults.expire-after-write=10m for all");
    }

    @Test
    void unknownProperty_atStart_isNamed(CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(Shop.class)
                        .web(WebApplicationType.NONE)
                        .properties("levee.nodes=127.0.0.1:1", "levee.caches.stats.near-cahe=5s")
                        .run())
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: levee.caches.stats.near-cahe")
                .contains("Value: 5s")
                .contains("Below levee.caches.stats there are: expire-after-write, stale-for, ");
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                Arguments.of("levee.node=127.0.0.1:1", "Below levee there are: enabled, nodes, name, key-prefix, "),
                Arguments.of("levee.outage.ttl=1s", "Below levee.outage there are: mode, gutter-ttl."),
                Arguments.of("levee.defaults.lease.time=1s", "Below levee.defaults.lease there are: enabled, ttl."),
                Arguments.of("levee.caches[Of a shop].stale=1s", "Below levee.caches[Of a shop] there are: expire-"),
                Arguments.of("levee.key-prefix.is=shop", "levee.key-prefix has nothing below it."));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void unknownProperty_anywhere_isNamedWithThoseThatExist(String property, String there, CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), property)).isInstanceOf(Exception.class);

        assertThat(output).contains("There is no such property of Levee:").contains(there);
    }

    static Stream<String> wrongNodes() {
        return Stream.of("http://127.0.0.1:1", "127.0.0.1:1;127.0.0.1:2", "127.0.0.1:99999", "127.0.0.1:1*0");
    }

    @ParameterizedTest
    @MethodSource("wrongNodes")
    void wrongNode_atStart_saysHowToWriteNodes(String nodes, CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(Shop.class), "levee.nodes=" + nodes))
                .isInstanceOf(Exception.class);

        assertThat(output).contains("Value: " + nodes).contains("Write levee.nodes=host1:11211,host2:11211");
    }

    @Test
    void methodThatReturnsAnything_onACacheOfItsTypes_isNamed(CapturedOutput output) {
        assertThatThrownBy(() -> run(List.of(CachingShop.class), "levee.caches.pages.near-cache=1s"))
                .isInstanceOf(Exception.class);

        assertThat(output)
                .contains("Method " + Untyped.class.getName()
                        + ".page keeps values of type java.lang.Object in cache \"pages\"")
                .contains("levee.caches.pages.value-type");
    }

    @Test
    void deadNodes_atStart_doNotFailIt() {
        run(List.of(Shop.class));
    }
}
