package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that dies and comes back, empty, over and over. */
class FlappingNodeTest {
    private static final int KEYS = 100;
    private static final int CALLERS = 16;
    private static final int FLAPS = 12;

    @Test
    void nodeFlapping_underLoad_noCallFailsLoadsStayBoundedAndNothingIsLeft() throws Exception {
        CountingDatabase database = new CountingDatabase();
        NodeEvents events = new NodeEvents();
        try (ClientLog log = new ClientLog();
                Cluster cluster = Cluster.of(2);
                CacheClient client = cluster.patientClient()
                        .name("flapping")
                        .listener(events)
                        .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(Duration.ofMinutes(1))
                    .build();
            for (int key = 0; key < KEYS; key++) {
                cache.get(key);
            }
            MemcachedNode steady = cluster.node(0);
            MemcachedNode flapping = cluster.node(1);

            try (Callers callers = Callers.start(CALLERS, KEYS, 100_000, Long.MAX_VALUE, key -> {
                String value = cache.get(key);
                if (!CountingDatabase.isValueOf(key, value)) {
                    throw new AssertionError("key " + key + " gave " + value);
                }
            })) {
                for (int flap = 0; flap < FLAPS; flap++) {
                    long before = callers.calls();
                    flapping.kill();
                    await().atMost(IN_THE_END).until(() -> callers.calls() > before + 500);
                    flapping.start();
                    if (flap % 2 == 0) {
                        // Else it dies again while it is being connected to, or right after.
                        awaitUp(client, flapping);
                    }
                    long after = callers.calls();
                    await().atMost(IN_THE_END).until(() -> callers.calls() > after + 500);
                }
                awaitUp(client, flapping);
                assertThat(callers.failures()).isEmpty();
            }

            // Once at first, and once each time its node came back empty.
            assertThat(database.mostLoadsOfAKey()).isLessThanOrEqualTo(1 + FLAPS);
            assertThat(cache.stats().loadsRejected()).isZero();
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
            assertThat(events.ups(flapping.address())).isEqualTo(events.downs(flapping.address()) + 1);
            assertThat(events.downs(steady.address())).isZero();
            assertThat(log.lines(flapping.address() + " is DOWN")).hasSize((int) events.downs(flapping.address()));

            await().atMost(IN_THE_END).untilAsserted(() -> {
                assertThat(ServerStats.connections(steady)).isEqualTo(ServerStats.connections(flapping));
                assertThat(Leftovers.threads("levee-flapping-io-")).hasSize(2);
                assertThat(Leftovers.threads("levee-flapping-node-")).hasSize(2);
            });
        }
        await().atMost(IN_THE_END)
                .untilAsserted(
                        () -> assertThat(Leftovers.threads("levee-flapping-")).isEmpty());
    }
}
