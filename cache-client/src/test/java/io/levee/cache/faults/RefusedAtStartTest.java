package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is built while no node is there. */
class RefusedAtStartTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final CountingDatabase database = new CountingDatabase();
    private final NodeEvents events = new NodeEvents();
    private Cluster cluster;
    private ClientLog log;

    @BeforeEach
    void start() {
        log = new ClientLog();
        cluster = Cluster.of(3);
        cluster.killAll();
    }

    @AfterEach
    void stop() {
        cluster.close();
        log.close();
    }

    @Test
    void noNodeReachable_everyCall_worksOnLoadsAndTheLocalTier() throws Exception {
        try (CacheClient client = cluster.patientClient().listener(events).build()) {
            // Refused connections are no reason to wait: each node was told down before build() returned.
            assertThat(client.health().nodes()).allSatisfy(node -> {
                assertThat(node.state()).isNotEqualTo(NodeState.UP);
                assertThat(node.lastError()).contains("refused");
            });
            assertThat(client.health().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(events.down()).hasSize(3);
            assertThat(log.lines("WARN", "is DOWN", "refused")).hasSize(3);

            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .build();
            assertThat(cache.peek(1)).isEmpty();
            assertThat(cache.lookup(1).source()).isEqualTo(Source.LOADED);
            assertThat(cache.lookup(1).source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.getAsync(1).get(20, TimeUnit.SECONDS)).isEqualTo("value of 1, load 1");
            assertThat(cache.getAsync(2).get(20, TimeUnit.SECONDS)).isEqualTo("value of 2, load 1");
            cache.put(3, "put");
            assertThat(cache.get(3)).isEqualTo("put");
            cache.invalidate(1);
            assertThat(cache.get(1)).isEqualTo("value of 1, load 2");
            assertThat(cache.refresh(2).get(20, TimeUnit.SECONDS)).isEqualTo("value of 2, load 2");
            assertThat(cache.get(2)).isEqualTo("value of 2, load 2");
            assertThat(database.loads()).isEqualTo(4);
        }
    }

    @Test
    void noNodeReachable_nodesComeLater_areUsedAfterOneLoadAKey() {
        try (CacheClient client = cluster.patientClient().listener(events).build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .build();
            for (MemcachedNode node : cluster.nodes()) {
                node.start();
                awaitUp(client, node);
            }

            for (int key = 0; key < 100; key++) {
                assertThat(cache.lookup(key).source()).isEqualTo(Source.LOADED);
            }
            // The writes are in the background.
            await().atMost(IN_THE_END).until(() -> cache.stats().writes() == 100);
            for (int key = 0; key < 100; key++) {
                assertThat(cache.lookup(key).source()).isEqualTo(Source.MEMCACHED);
            }
            assertThat(database.mostLoadsOfAKey()).isEqualTo(1);
            assertThat(events.up()).hasSize(3);
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
        }
    }
}
