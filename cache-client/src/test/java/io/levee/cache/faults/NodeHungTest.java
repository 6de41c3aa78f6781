package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static io.levee.cache.faults.Cluster.isDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is stopped (SIGSTOP), so that its connections stay and nothing is answered, and goes on later (SIGCONT). */
class NodeHungTest {
    private static final int KEYS = 200;
    private static final int CALLERS = 32;
    private static final int WINDOW = 8;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final CountingDatabase database = new CountingDatabase();
    private final NodeEvents events = new NodeEvents();
    private Cluster cluster;
    private ClientLog log;

    @BeforeEach
    void start() {
        log = new ClientLog();
        cluster = Cluster.of(1);
    }

    @AfterEach
    void stop() {
        cluster.close();
        log.close();
    }

    private static void check(String value, int key) {
        if (!CountingDatabase.isValueOf(key, value)) {
            throw new AssertionError("key " + key + " gave " + value);
        }
    }

    @Test
    void nodeHung_manyCallers_fewWaitTheFullTimeoutAndNoneLoads() throws Exception {
        MemcachedNode node = cluster.node(0);
        Duration timeout = Duration.ofSeconds(1);
        try (CacheClient client = CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(timeout)
                .breaker(new BreakerPolicy(WINDOW, 50))
                .listener(events)
                .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .build();
            for (int key = 0; key < KEYS; key++) {
                check(cache.get(key), key);
            }
            await().atMost(IN_THE_END).until(() -> cache.lookup(KEYS - 1).source() == Source.MEMCACHED);

            try (Callers callers =
                    Callers.start(CALLERS, KEYS, 100_000, timeout.toNanos(), key -> check(cache.get(key), key))) {
                await().atMost(IN_THE_END).until(() -> callers.calls() > 1_000);
                long slowBefore = callers.slow();

                node.hang();

                awaitDown(client, node);
                long callsBefore = callers.calls();
                await().atMost(IN_THE_END).until(() -> callers.calls() > callsBefore + 10_000);
                assertThat(callers.slow() - slowBefore).isPositive().isLessThanOrEqualTo(WINDOW + CALLERS);
                assertThat(client.health().status()).isEqualTo(HealthStatus.DOWN);
                assertThat(events.down())
                        .singleElement()
                        .satisfies(down -> assertThat(down.reason()).contains("timeout"));
                assertThat(log.lines("WARN", node.address() + " is DOWN", "timeout"))
                        .hasSize(1);
                assertThat(Cluster.health(client, node).lastError()).containsAnyOf("timeout", "no answer");
                assertThat(cache.stats().fallbackHits()).isGreaterThan(10_000);

                node.resume();

                awaitUp(client, node);
                long hits = cache.stats().hits();
                await().atMost(IN_THE_END).until(() -> cache.stats().hits() > hits + 1_000);
                assertThat(callers.failures()).isEmpty();
            }
            // It did not die: what it held is still there.
            assertThat(database.loads()).isEqualTo(KEYS);
            assertThat(client.health().advisories()).isEmpty();
        }
    }

    @Test
    void nodeHungAndResumed_overAndOver_noAnswerIsTakenForAnothers() throws Exception {
        // As it is by default, where the connection is dropped, and with a breaker that never opens, where every late
        // answer comes on the connection that newer requests use.
        readWhileTheNodeStopsAndGoesOn(BreakerPolicy.defaults());
        readWhileTheNodeStopsAndGoesOn(new BreakerPolicy(10_000, 100));
    }

    private void readWhileTheNodeStopsAndGoesOn(BreakerPolicy breaker) {
        MemcachedNode node = cluster.node(0);
        Duration timeout = Duration.ofMillis(100);
        AtomicLong fromTheNode = new AtomicLong();
        try (CacheClient client = CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(timeout)
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .breaker(breaker)
                // Every value that is not loaded comes over the wire.
                .localBytes(0)
                .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .maxConcurrentLoads(64)
                    .build();
            try (Callers callers = Callers.start(CALLERS, KEYS, 0, Long.MAX_VALUE, key -> {
                Lookup<String> found = cache.lookup(key);
                check(found.value(), key);
                if (found.source() == Source.MEMCACHED) {
                    fromTheNode.incrementAndGet();
                }
            })) {
                for (int cycle = 0; cycle < 8; cycle++) {
                    long before = fromTheNode.get();
                    await().atMost(IN_THE_END).until(() -> fromTheNode.get() > before + 2_000);
                    node.hang();
                    long calls = callers.calls();
                    // All that were in flight are over, and others have begun.
                    await().atMost(IN_THE_END)
                            .until(() -> callers.calls() > calls + 2 * CALLERS || isDown(client, node));
                    node.resume();
                }
                assertThat(callers.failures()).isEmpty();
            }
        }
    }
}
