package io.levee.cache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.examples.memcached.MemcachedNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** The starter without Jackson, Reactor, Micrometer and Actuator. The build runs this on a class path of its own. */
@Tag("bare")
class WithoutLibrariesTest {
    record Point(int x, int y) {}

    /** As an application writes one that has no Jackson. */
    static final class PointCodec implements Codec<Object> {
        @Override
        public Encoded encode(Object value) {
            Point point = (Point) value;
            return new Encoded((point.x() + "," + point.y()).getBytes(StandardCharsets.US_ASCII), 77);
        }

        @Override
        public Object decode(Encoded encoded) {
            String[] parts = new String(encoded.bytes(), StandardCharsets.US_ASCII).split(",", 2);
            if (parts.length != 2) {
                throw new CodecException("no point");
            }
            return new Point(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
    }

    /** Cached methods. */
    public static class Points {
        final AtomicInteger reads = new AtomicInteger();

        @Cacheable("points")
        public Point point(int x) {
            return new Point(x, reads.incrementAndGet());
        }

        @Cacheable(cacheNames = "points", sync = true)
        public CompletableFuture<Point> later(int x) {
            return CompletableFuture.completedFuture(point(x));
        }

        @Cacheable("names")
        public String name(int x) {
            return "name " + x + "." + reads.incrementAndGet();
        }
    }

    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools.jackson.databind.json.JsonMapper",
                "reactor.core.publisher.Mono",
                "io.micrometer.core.instrument.MeterRegistry",
                "org.springframework.boot.health.contributor.HealthIndicator",
                "org.springframework.boot.actuate.endpoint.annotation.Endpoint"
            })
    void library_thatIsOptional_isNotHere(String type) {
        assertThat(ClassUtils.isPresent(type, getClass().getClassLoader())).isFalse();
    }

    /** As Spring Boot finds them: what needs the libraries must not even be looked at. */
    @Test
    void everyAutoConfiguration_withoutThem_starts() {
        Application.on(node)
                .withUserConfiguration(Everything.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(CacheClient.class)
                        .doesNotHaveBean("leveeClientMetrics")
                        .doesNotHaveBean("memcachedHealthIndicator")
                        .doesNotHaveBean("leveeEndpoint"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Everything {}

    @Test
    void cacheable_withACodecBean_works() {
        node.restart();
        Application.on(node)
                .withUserConfiguration(Application.Caching.class)
                .withBean(Points.class)
                .withBean(PointCodec.class)
                .withPropertyValues("levee.dynamic-caches=*")
                .run(context -> {
                    Points points = context.getBean(Points.class);
                    assertThat(points.point(3)).isEqualTo(new Point(3, 1));
                    assertThat(points.point(3)).isEqualTo(new Point(3, 1));
                    assertThat(points.later(3).join()).isEqualTo(new Point(3, 1));
                    assertThat(points.later(4).join()).isEqualTo(new Point(4, 2));
                    assertThat(points.name(1)).isEqualTo("name 1.3");
                    assertThat(points.name(1)).isEqualTo("name 1.3");
                });
    }

    @Test
    void definition_withACodec_works() {
        node.restart();
        Application.on(node)
                .withBean(
                        "points",
                        CacheDefinition.class,
                        () -> CacheDefinition.of("points", Long.class, Object.class)
                                .loader(x -> new Point(x.intValue(), 1))
                                .codec(new PointCodec()))
                .run(context -> {
                    @SuppressWarnings("unchecked") // the bean is declared without its types
                    ReadThroughCache<Long, Object> points = context.getBean(ReadThroughCache.class);
                    assertThat(points.get(5L)).isEqualTo(new Point(5, 1));
                });
    }

    @Test
    void cacheable_withoutACodec_failsTheStartAndSaysWhatToAdd() {
        Application.on(node)
                .withUserConfiguration(Application.Caching.class)
                .withBean(Points.class)
                .withPropertyValues("levee.caches.points.near-cache=1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("no codec for value type " + Point.class.getName())
                        .hasMessageContaining("tools.jackson.core:jackson-databind"));
    }
}
