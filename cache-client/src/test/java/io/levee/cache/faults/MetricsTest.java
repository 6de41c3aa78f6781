package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheClientMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The meters, on real nodes that live and die. */
class MetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double value(String meter, String... tags) {
        Search search = registry.find(meter).tags(tags);
        Meter found = search.meter();
        assertThat(found).as(meter + List.of(tags)).isNotNull();
        return found.measure().iterator().next().getValue();
    }

    private void awaitValue(double wanted, String meter, String... tags) {
        await().atMost(Cluster.IN_THE_END).until(() -> value(meter, tags) == wanted);
    }

    private static ReadThroughCache<Long, String> pages(CacheClient client) {
        return client.cache("pages", Long.class, String.class)
                .loader(id -> {
                    if (id < 0) {
                        throw new IllegalStateException("no such page");
                    }
                    return "page " + id;
                })
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
    }

    @Test
    void lookups_areCountedByResultAndSource() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient().build();
                CacheClientMetrics metrics = new CacheClientMetrics(client)) {
            metrics.bindTo(registry);
            // Built after the binding.
            ReadThroughCache<Long, String> pages = pages(client);

            pages.get(1L);
            await().atMost(Cluster.IN_THE_END).until(() -> pages.stats().writes() == 1);
            pages.get(1L);
            assertThat(pages.peek(2L)).isEmpty();
            try {
                pages.get(-1L);
            } catch (RuntimeException expected) {
                assertThat(expected).hasRootCauseMessage("no such page");
            }

            assertThat(value("cache.gets", "cache", "pages", "result", "hit")).isEqualTo(1);
            assertThat(value("cache.gets", "cache", "pages", "result", "miss")).isEqualTo(3);
            assertThat(value("levee.served", "cache", "pages", "source", "memcached"))
                    .isEqualTo(1);
            assertThat(value("cache.puts", "cache", "pages")).isEqualTo(1);
            assertThat(value("cache.size", "cache", "pages")).isEqualTo(1);
            assertThat(value("levee.loads", "cache", "pages", "result", "success"))
                    .isEqualTo(1);
            assertThat(value("levee.loads", "cache", "pages", "result", "failure"))
                    .isEqualTo(1);
            assertThat(registry.get("levee.load.duration")
                            .tag("result", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("levee.load.duration")
                            .tag("result", "failure")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void nodeKilled_stateMovesAndItsReturnIsCounted() {
        try (Cluster cluster = Cluster.of(2);
                CacheClient client = cluster.patientClient().build();
                CacheClientMetrics metrics = new CacheClientMetrics(client)) {
            metrics.bindTo(registry);
            String node = cluster.node(0).address();
            assertThat(value("levee.node.state", "node", node, "state", "up")).isEqualTo(1);
            assertThat(value("levee.node.state", "node", node, "state", "down")).isZero();

            cluster.node(0).kill();

            awaitValue(0, "levee.node.state", "node", node, "state", "up");
            await().atMost(Cluster.IN_THE_END)
                    .until(() -> value("levee.node.reconnects", "node", node, "result", "failure") > 0);
            // A connection that was lost is no matter of the breaker's.
            assertThat(value("levee.breaker.state", "node", node, "state", "closed"))
                    .isEqualTo(1);
            assertThat(value("levee.node.reconnects", "node", node, "result", "success"))
                    .isZero();

            cluster.node(0).restart();

            awaitValue(1, "levee.node.state", "node", node, "state", "up");
            awaitValue(1, "levee.node.reconnects", "node", node, "result", "success");
            assertThat(value("levee.node.state", "node", cluster.node(1).address(), "state", "up"))
                    .isEqualTo(1);
            assertThat(value("levee.advisories", "code", "restarted")).isEqualTo(1);
            assertThat(value("levee.advisories", "code", "connection_limit")).isZero();
            assertThat(value("levee.node.ring.share", "node", node)).isStrictlyBetween(0.1, 0.9);
        }
    }

    @Test
    void nodeHangs_operationsTimeOutAndTheBreakerOpens() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = CacheClient.builder()
                        .nodes(cluster.addresses())
                        .operationTimeout(Duration.ofMillis(200))
                        .reconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                        .build();
                CacheClientMetrics metrics = new CacheClientMetrics(client)) {
            metrics.bindTo(registry);
            ReadThroughCache<Long, String> pages = pages(client);
            String node = cluster.node(0).address();
            pages.get(0L);
            await().atMost(Cluster.IN_THE_END)
                    .until(() -> operations(node, "answered") >= 2); // the claim, and the fill
            awaitValue(1, "levee.breaker.state", "node", node, "state", "closed");

            cluster.node(0).hang();
            AtomicLong id = new AtomicLong();
            await().atMost(Cluster.IN_THE_END)
                    .until(() -> pages.get(id.incrementAndGet()) != null
                            && value("levee.breaker.openings", "node", node) > 0);

            awaitValue(0, "levee.breaker.state", "node", node, "state", "closed");
            assertThat(operations(node, "timeout")).isPositive();
            assertThat(registry.get("levee.node.operations")
                            .tags("node", node, "outcome", "timeout")
                            .timer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isGreaterThanOrEqualTo(200);

            cluster.node(0).resume();
            awaitValue(1, "levee.breaker.state", "node", node, "state", "closed");
            assertThat(value("levee.breaker.openings", "node", node)).isEqualTo(1);
        }
    }

    private long operations(String node, String outcome) {
        return registry.get("levee.node.operations")
                .tags("node", node, "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void connections_areToldWithTheirLimit() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient()
                        .probeInterval(Duration.ofMillis(100))
                        .build();
                CacheClientMetrics metrics = new CacheClientMetrics(client)) {
            metrics.bindTo(registry);
            String node = cluster.node(0).address();

            await().atMost(Cluster.IN_THE_END).until(() -> value("levee.node.connections", "node", node) >= 1);
            assertThat(value("levee.node.connections", "node", node)).isLessThan(100);
            assertThat(value("levee.node.connections.limit", "node", node)).isEqualTo(1024);
            assertThat(value("levee.node.ring.share", "node", node)).isEqualTo(1);
        }
    }

    @Test
    void connections_ofANodeThatNeverAnswered_areNoNumber() {
        try (Cluster cluster = Cluster.of(1)) {
            cluster.node(0).kill();
            try (CacheClient client = CacheClient.builder()
                            .nodes(cluster.addresses())
                            .connectTimeout(Duration.ofMillis(100))
                            .build();
                    CacheClientMetrics metrics = new CacheClientMetrics(client)) {
                metrics.bindTo(registry);
                String node = cluster.node(0).address();

                assertThat(value("levee.node.connections", "node", node)).isNaN();
                assertThat(value("levee.node.connections.limit", "node", node)).isNaN();
            }
        }
    }

    @Test
    void nodeLeaves_itsMetersLeave_andANewcomersCome() {
        try (Cluster cluster = Cluster.of(3)) {
            NodeAddress first = NodeAddress.parse(cluster.node(0).address());
            NodeAddress second = NodeAddress.parse(cluster.node(1).address());
            NodeAddress third = NodeAddress.parse(cluster.node(2).address());
            AtomicReference<List<NodeAddress>> nodes = new AtomicReference<>(List.of(first, second));
            try (CacheClient client = CacheClient.builder()
                            .discovery(changing(nodes))
                            .connectTimeout(Duration.ofSeconds(20))
                            .build();
                    CacheClientMetrics metrics = new CacheClientMetrics(client)) {
                metrics.bindTo(registry);
                assertThat(nodesWithMeters()).containsExactlyInAnyOrder(first.toString(), second.toString());

                nodes.set(List.of(second, third));

                await().atMost(Cluster.IN_THE_END)
                        .untilAsserted(() -> assertThat(nodesWithMeters())
                                .containsExactlyInAnyOrder(second.toString(), third.toString()));
                awaitValue(1, "levee.node.state", "node", third.toString(), "state", "up");
                assertThat(value("levee.node.reconnects", "node", third.toString(), "result", "success"))
                        .isZero();
            }
        }
    }

    private static NodeDiscovery changing(AtomicReference<List<NodeAddress>> nodes) {
        return new NodeDiscovery() {
            @Override
            public List<NodeAddress> nodes() {
                return nodes.get();
            }

            @Override
            public Duration refreshInterval() {
                return Duration.ofMillis(50);
            }
        };
    }

    private Set<String> nodesWithMeters() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("node"))
                .filter(node -> node != null)
                .collect(Collectors.toSet());
    }

    @Test
    void closed_leavesNothing_andHearsNothing() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient().build()) {
            ReadThroughCache<Long, String> pages = pages(client);
            CacheClientMetrics metrics = new CacheClientMetrics(client);
            metrics.bindTo(registry);
            metrics.bindTo(registry);
            assertThat(registry.getMeters()).isNotEmpty();

            metrics.close();
            pages.get(1L);
            pages(client, "later").get(1L);

            assertThat(registry.getMeters()).isEmpty();
        }
    }

    private static ReadThroughCache<Long, String> pages(CacheClient client, String name) {
        return client.cache(name, Long.class, String.class)
                .loader(id -> "page " + id)
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
    }

    @Test
    void tags_areThoseOfTheConstructor_andNeverAKey() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient().build();
                CacheClientMetrics metrics = new CacheClientMetrics(
                        client, Tags.of("site", "north"), cache -> List.of(Tag.of("name", cache)))) {
            metrics.bindTo(registry);
            ReadThroughCache<Long, String> pages = pages(client);
            pages.get(424_242L);

            assertThat(value("cache.gets", "cache", "pages", "result", "miss", "name", "pages", "site", "north"))
                    .isEqualTo(1);
            List<String> tags = new ArrayList<>();
            registry.getMeters().forEach(meter -> {
                assertThat(meter.getId().getTag("site")).isEqualTo("north");
                meter.getId().getTags().forEach(tag -> tags.add(tag.getValue()));
            });
            assertThat(tags).noneMatch(tag -> tag.contains("424242"));
        }
    }

    @Test
    void wantOfRoom_evictionsAndSizeAreCountedForTheCacheThatLost() {
        try (Cluster cluster = Cluster.of(1);
                CacheClient client = cluster.patientClient().localBytes(20_000).build();
                CacheClientMetrics metrics = new CacheClientMetrics(client)) {
            metrics.bindTo(registry);
            ReadThroughCache<Long, String> pages = pages(client);
            ReadThroughCache<Long, String> others = pages(client, "others");
            for (long id = 0; id < 500; id++) {
                pages.get(id);
            }

            double evicted = value("cache.evictions", "cache", "pages");
            assertThat(evicted).isPositive();
            assertThat(value("cache.size", "cache", "pages")).isEqualTo(500 - evicted);
            assertThat(value("cache.evictions", "cache", "others")).isZero();
            assertThat(value("cache.size", "cache", "others")).isZero();

            pages.clear();
            assertThat(value("cache.size", "cache", "pages")).isZero();
            others.put(1L, "one");
            others.put(1L, "two");
            assertThat(value("cache.size", "cache", "others")).isEqualTo(1);
            others.invalidate(1L);
            assertThat(value("cache.size", "cache", "others")).isZero();
        }
    }
}
