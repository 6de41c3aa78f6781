package io.levee.cache.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.spring.CacheDefinition;
import io.levee.examples.memcached.MemcachedNode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A whole application over HTTP, on a real node. */
class ActuatorTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger LOADS = new AtomicInteger();

    private static MemcachedNode node;
    private static ConfigurableApplicationContext context;

    enum Season {
        SUMMER,
        WINTER
    }

    record Point(int x) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableCaching
    static class Site {
        @Bean
        CacheDefinition<Long, String> pages() {
            return CacheDefinition.of("pages", Long.class, String.class)
                    .loader(id -> "page " + id + "." + LOADS.incrementAndGet());
        }

        @Bean
        CacheDefinition<Season, String> seasons() {
            return CacheDefinition.of("seasons", Season.class, String.class).loader(Season::name);
        }

        @Bean
        CacheDefinition<Point, String> points() {
            return CacheDefinition.of("points", Point.class, String.class)
                    .key(Point::toString)
                    .loader(Point::toString);
        }

        @Bean
        ReadThroughCache<Long, String> byHand(CacheClient client) {
            return client.cache("by-hand", Long.class, String.class)
                    .expireAfterWrite(Duration.ofMinutes(1))
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
        context = new SpringApplicationBuilder(Site.class)
                .web(WebApplicationType.SERVLET)
                .properties(
                        "server.port=0",
                        "levee.nodes=" + node.address(),
                        "levee.reconnect-backoff.first=20ms",
                        "levee.reconnect-backoff.max=200ms",
                        "levee.operation-timeout=5s",
                        "levee.connect-timeout=10s",
                        "levee.defaults.expire-after-write=10m",
                        "management.endpoints.web.exposure.include=levee,health,metrics",
                        "management.endpoint.health.show-details=always")
                .run();
    }

    @AfterAll
    static void stop() {
        context.close();
        node.close();
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return HTTP.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path));
    }

    @SuppressWarnings("unchecked")
    private static ReadThroughCache<Long, String> pages() {
        return (ReadThroughCache<Long, String>) context.getBean("levee.cache.pages", ReadThroughCache.class);
    }

    @Test
    void levee_tellsNodesAndCaches() throws Exception {
        pages().get(1L);

        HttpResponse<String> whole = get("levee");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body())
                .contains("\"address\":\"" + node.address() + "\"", "\"breaker\":\"CLOSED\"", "\"seasons\":{")
                .contains("\"expireAfterWrite\":\"PT10M\"", "\"loads\":")
                .doesNotContain("page 1");
        assertThat(get("levee/pages").body()).contains("\"name\":\"pages\"");
        assertThat(get("levee/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void key_isExplained() throws Exception {
        pages().get(7L);

        assertThat(get("levee/pages?key=7").body()).contains("explanation", node.address());
        assertThat(get("levee/seasons?key=WINTER").body()).contains("WINTER");
    }

    @Test
    void key_thatIsNone_isRefusedWithTheReason() throws Exception {
        assertRefused(get("levee/pages?key=seven"), "seven");
        assertRefused(get("levee/seasons?key=AUTUMN"), "SUMMER");
        assertRefused(get("levee/points?key=1"), "cannot be read from text");
        assertRefused(get("levee/by-hand?key=1"), "not known here");
        assertRefused(post("levee/pages", "{\"action\":\"invalidate\"}"), "takes a key");
        assertRefused(post("levee/pages", "{\"action\":\"clear\",\"key\":\"1\"}"), "takes no key");
        assertThat(post("levee/pages", "{\"action\":\"burn\"}").statusCode()).isEqualTo(400);
        assertThat(post("levee/nowhere", "{\"action\":\"clear\"}").statusCode()).isEqualTo(404);
    }

    private static void assertRefused(HttpResponse<String> response, String reason) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(reason);
    }

    @Test
    void invalidate_andClear_removeValues() throws Exception {
        pages().put(20L, "old");
        pages().put(21L, "old");

        HttpResponse<String> done = post("levee/pages", "{\"action\":\"invalidate\",\"key\":\"20\"}");
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body()).contains("\"cache\":\"pages\"", "\"action\":\"INVALIDATE\"", "\"key\":\"20\"");
        assertThat(pages().peek(20L)).isEmpty();
        assertThat(pages().peek(21L)).contains("old");

        assertThat(post("levee/pages", "{\"action\":\"clear\"}").statusCode()).isEqualTo(200);
        assertThat(pages().peek(21L)).isEmpty();
    }

    @Test
    void health_nodeKilled_isDegradedAndTheApplicationStaysInRotation() throws Exception {
        assertThat(get("health/memcached").body()).contains("\"status\":\"UP\"");
        try {
            node.kill();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get("health/memcached").body().contains("\"status\":\"DEGRADED\""));

            assertThat(get("levee").body()).contains("\"status\":\"DOWN\"");
            assertThat(get("health/memcached").statusCode()).isEqualTo(200);
            assertThat(get("health/memcached").body()).contains("lastError");
            HttpResponse<String> whole = get("health");
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).startsWith("{\"components\"").contains("\"status\":\"UP\"");
        } finally {
            node.restart();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("health/memcached").body().contains("\"status\":\"UP\""));
        assertThat(get("health/memcached").body()).contains("RESTARTED ");
        assertThat(get("levee").body()).contains("\"status\":\"UP\"").containsPattern("\"advisories\":\\[\"RESTARTED ");
    }

    @Test
    void meters_areBoundOnce_forCachesInAndOutsideTheCacheManager() {
        assertThat(context.getBean(CacheManager.class).getCacheNames()).contains("pages", "by-hand");
        MeterRegistry registry = context.getBean(MeterRegistry.class);
        for (String cache : List.of("pages", "seasons", "by-hand")) {
            List<Meter> sizes =
                    List.copyOf(registry.find("cache.size").tag("cache", cache).meters());
            assertThat(sizes).as(cache).hasSize(1);
            assertThat(sizes.get(0).getId().getTag("cache.manager")).isEqualTo("levee");
            assertThat(sizes.get(0).getId().getTag("name")).isEqualTo(cache);
        }
        assertThat(registry.find("levee.node.state").tag("node", node.address()).gauges())
                .hasSize(3);
    }
}
