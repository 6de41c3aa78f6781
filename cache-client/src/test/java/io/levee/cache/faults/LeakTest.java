package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that are built, used and closed, many times, with nodes alive, dead and hung. */
class LeakTest {
    private static final int CYCLES = 200;

    @Test
    void clientsBuiltUsedAndClosed_withNodesAliveDeadAndHung_leaveNothing() throws Exception {
        CountingDatabase database = new CountingDatabase();
        try (ClientLog log = new ClientLog();
                Cluster cluster = Cluster.of(3)) {
            MemcachedNode alive = cluster.node(0);
            cluster.node(1).kill();
            cluster.node(2).hang();
            // The first cycles load classes and open what stays open.
            for (int i = 0; i < 5; i++) {
                cycle(cluster, database);
            }
            settle();
            long filesBefore = Leftovers.openFiles();
            long connectionsBefore = ServerStats.connections(alive);

            for (int i = 0; i < CYCLES; i++) {
                cycle(cluster, database);
            }

            settle();
            await().atMost(IN_THE_END).untilAsserted(() -> {
                // Not one a cycle: what the JVM itself opens meanwhile is a few.
                assertThat(Leftovers.openFiles()).isLessThan(filesBefore + CYCLES / 10);
                assertThat(ServerStats.connections(alive)).isEqualTo(connectionsBefore);
            });
            assertThat(log.lines("ERROR")).isEmpty();
        }
    }

    private static void settle() {
        await().atMost(IN_THE_END)
                .untilAsserted(
                        () -> assertThat(Leftovers.threads("levee-leak-")).isEmpty());
    }

    private static void cycle(Cluster cluster, CountingDatabase database) throws Exception {
        List<CompletableFuture<String>> unawaited = new ArrayList<>();
        try (CacheClient client = CacheClient.builder()
                .name("leak")
                .nodes(cluster.addresses())
                .operationTimeout(Duration.ofMillis(20))
                .connectTimeout(Duration.ofMillis(20))
                .reconnectBackoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(Duration.ofMinutes(1))
                    .build();
            for (int key = 0; key < 10; key++) {
                cache.get(key);
                cache.put(key, "put");
                unawaited.add(cache.getAsync(1_000 + key));
            }
        }
        // Whatever they end with: nobody may be left waiting.
        CompletableFuture.allOf(unawaited.toArray(CompletableFuture<?>[]::new))
                .handle((values, closed) -> unawaited.size())
                .get(IN_THE_END.toSeconds(), TimeUnit.SECONDS);
    }
}
