package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static io.levee.cache.faults.Cluster.isDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.HealthStatus;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that die by SIGKILL, one after another and all together, and come back empty. */
class NodeKilledTest {
    private static final int KEYS = 300;
    private static final long NEVER = Long.MAX_VALUE;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Freshness is kept in whole milliseconds by the wall clock; periods are measured here by the other. */
    private static final Duration CLOCKS = Duration.ofMillis(20);

    private final CountingDatabase database = new CountingDatabase();
    private final NodeEvents events = new NodeEvents();
    private Cluster cluster;
    private ClientLog log;

    @BeforeEach
    void start() {
        log = new ClientLog();
        cluster = Cluster.of(3);
    }

    @AfterEach
    void stop() {
        cluster.close();
        log.close();
    }

    private ReadThroughCache<Integer, String> cache(CacheClient client, Duration fresh) {
        return client.cache("pages", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(fresh)
                .expiryJitter(0)
                .build();
    }

    private static void readAll(ReadThroughCache<Integer, String> cache) {
        for (int key = 0; key < KEYS; key++) {
            assertThat(cache.get(key)).matches("value of " + key + ", load [0-9]+");
        }
    }

    private static void check(ReadThroughCache<Integer, String> cache, int key) {
        String value = cache.get(key);
        if (!CountingDatabase.isValueOf(key, value)) {
            throw new AssertionError("key " + key + " gave " + value);
        }
    }

    /** In words, for a failure that says how things stood. */
    private static List<Source> sources(ReadThroughCache<Integer, String> cache) {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> cache.lookup(key).source())
                .toList();
    }

    @Test
    void nodesKilledOneByOne_underLoad_everyCallIsServedAndEachKeyLoadedOncePerPeriod() throws Exception {
        Duration fresh = Duration.ofSeconds(1);
        try (CacheClient client = cluster.patientClient().listener(events).build()) {
            ReadThroughCache<Integer, String> cache = cache(client, fresh);
            readAll(cache);

            try (Callers callers = Callers.start(12, KEYS, 200_000, NEVER, key -> check(cache, key))) {
                for (MemcachedNode node : cluster.nodes()) {
                    node.kill();
                    int before = database.loads();
                    // Two periods go by on what is left: each key is loaded twice.
                    await().atMost(IN_THE_END).until(() -> database.loads() >= before + 2 * KEYS);
                }
                assertThat(callers.failures()).isEmpty();
            }

            assertThat(client.health().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(database.loadsWithin(fresh.minus(CLOCKS).toNanos())).isEmpty();
            assertThat(cache.stats().loadsRejected()).isZero();
            assertThat(cache.stats().loadFailures()).isZero();
        }
    }

    @Test
    void allNodesKilledAtOnce_manyThreads_eachKeyIsLoadedOncePerPeriod() throws Exception {
        Duration fresh = Duration.ofSeconds(1);
        int keys = 40;
        try (CacheClient client = cluster.patientClient().build()) {
            ReadThroughCache<Integer, String> cache = cache(client, fresh);

            // Without a pause, so that many threads see the same value expire.
            try (Callers callers = Callers.start(32, keys, 0, NEVER, key -> check(cache, key))) {
                await().atMost(IN_THE_END).until(() -> database.loads() >= keys);
                cluster.killAll();
                int before = database.loads();
                await().atMost(IN_THE_END).until(() -> database.loads() >= before + 4 * keys);
                assertThat(callers.failures()).isEmpty();
            }

            assertThat(database.loadsWithin(fresh.minus(CLOCKS).toNanos())).isEmpty();
        }
    }

    @Test
    void nodeKilled_keysLoadedAndFresh_costsNoLoadAndTheOthersStayInMemcached() throws Exception {
        try (CacheClient client = cluster.patientClient().build()) {
            ReadThroughCache<Integer, String> cache = cache(client, MINUTE);
            readAll(cache);
            // The writes are in the background.
            await().atMost(IN_THE_END).until(() -> cache.stats().writes() == KEYS);
            assertThat(sources(cache)).containsOnly(Source.MEMCACHED);

            for (int dead = 1; dead <= 3; dead++) {
                MemcachedNode node = cluster.node(dead - 1);
                node.kill();
                awaitDown(client, node);
                long alive = 0;
                for (MemcachedNode other : cluster.nodes().subList(dead, 3)) {
                    alive += ServerStats.values(other);
                }

                List<Source> sources = sources(cache);
                assertThat(sources).containsAnyOf(Source.FALLBACK).doesNotContain(Source.LOADED, Source.STALE);
                assertThat(sources.stream().filter(Source.MEMCACHED::equals)).hasSize((int) alive);
            }
            assertThat(database.loads()).isEqualTo(KEYS);
        }
    }

    @Test
    void nodeKilled_idleOrBusy_isNamedDownWithinASecondByLogListenerAndHealth() throws Exception {
        try (CacheClient client = cluster.patientClient().listener(events).build()) {
            ReadThroughCache<Integer, String> cache = cache(client, MINUTE);
            readAll(cache);

            for (int i = 0; i < 3; i++) {
                MemcachedNode node = cluster.node(i);
                boolean busy = i == 1;
                try (Callers callers = Callers.start(busy ? 2 : 0, KEYS, 1_000_000, NEVER, cache::get)) {
                    node.kill();
                    await().atMost(Duration.ofSeconds(1))
                            .pollInterval(Duration.ofMillis(5))
                            .untilAsserted(() -> {
                                assertThat(isDown(client, node)).isTrue();
                                assertThat(events.downs(node.address())).isEqualTo(1);
                                assertThat(log.lines("WARN", node.address() + " is DOWN"))
                                        .hasSize(1);
                            });
                    assertThat(callers.failures()).isEmpty();
                }
                assertThat(Cluster.health(client, node).lastError()).isNotBlank();
                assertThat(client.health().toString()).contains(node.address());
                assertThat(client.health().status()).isEqualTo(i < 2 ? HealthStatus.DEGRADED : HealthStatus.DOWN);
            }
            // Attempts to reach them fail all the time; they stay three lines and three events.
            await().atMost(IN_THE_END).until(() -> events.attempts().size() >= 20);
            assertThat(log.lines("is DOWN")).hasSize(3);
            assertThat(events.down()).hasSize(3);
        }
    }

    @Test
    void nodeKilled_requestsInFlight_areAnsweredByOneLoadEachWithoutWaitingForTheTimeout() throws Exception {
        MemcachedNode node = cluster.node(0);
        Duration timeout = Duration.ofSeconds(20);
        try (CacheClient client = CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(timeout)
                .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("cold", Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .maxConcurrentLoads(64)
                    .build();
            node.hang();
            int calls = 64;
            AtomicInteger slow = new AtomicInteger();
            CountDownLatch asked = new CountDownLatch(calls);
            List<Lookup<String>> answers = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                int key = i;
                Thread thread = new Thread(() -> {
                    long startNanos = System.nanoTime();
                    asked.countDown();
                    Lookup<String> answer = cache.lookup(key);
                    if (System.nanoTime() - startNanos >= timeout.toNanos()) {
                        slow.incrementAndGet();
                    }
                    synchronized (answers) {
                        answers.add(answer);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            asked.await();
            await().atMost(IN_THE_END)
                    .until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));

            node.kill();

            for (Thread thread : threads) {
                thread.join(60_000);
            }
            assertThat(answers)
                    .hasSize(calls)
                    .allSatisfy(answer -> assertThat(answer.source()).isEqualTo(Source.LOADED));
            assertThat(slow).hasValue(0);
            assertThat(database.loads()).isEqualTo(calls);
            assertThat(database.mostLoadsOfAKey()).isEqualTo(1);
        }
    }

    @Test
    void nodeKilledAndRestarted_underLoad_isUsedAgainAfterOneLoadAKeyAtMost() throws Exception {
        try (CacheClient client = cluster.patientClient().listener(events).build()) {
            ReadThroughCache<Integer, String> cache = cache(client, MINUTE);
            readAll(cache);
            Set<Integer> lost = new HashSet<>();
            MemcachedNode node = cluster.node(1);
            node.kill();
            awaitDown(client, node);
            for (int key = 0; key < KEYS; key++) {
                if (cache.lookup(key).source() == Source.FALLBACK) {
                    lost.add(key);
                }
            }

            try (Callers callers = Callers.start(16, KEYS, 0, NEVER, key -> check(cache, key))) {
                node.restart();
                awaitUp(client, node);
                await().atMost(IN_THE_END)
                        .until(() ->
                                lost.stream().allMatch(key -> cache.lookup(key).source() == Source.MEMCACHED));
                assertThat(callers.failures()).isEmpty();
            }

            assertThat(lost)
                    .isNotEmpty()
                    // None for those that were sent back before a caller asked for them.
                    .allSatisfy(key -> assertThat(database.loadsOf(key)).isBetween(1, 2));
            assertThat(database.loads()).isLessThanOrEqualTo(KEYS + lost.size());
            assertThat(events.ups(node.address())).isEqualTo(2);
            assertThat(log.lines("INFO", node.address() + " is UP again")).hasSize(1);
            assertThat(events.raised(Advisory.Code.RESTARTED, node.address())).isTrue();
            assertThat(client.health().advisories())
                    .extracting(Advisory::code)
                    .containsExactly(Advisory.Code.RESTARTED);
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void nodesKilledAndRestarted_inAnyOrder_everyTierGoesOnWorking() throws Exception {
        // Each step kills a live node or restarts a dead one.
        List<List<Integer>> orders =
                List.of(List.of(0, 1, 2, 0, 1, 2), List.of(0, 1, 2, 2, 1, 0), List.of(2, 0, 2, 1, 0, 1));
        try (CacheClient client = cluster.patientClient().build()) {
            ReadThroughCache<Integer, String> cache = cache(client, MINUTE);
            readAll(cache);
            for (List<Integer> order : orders) {
                for (int index : order) {
                    MemcachedNode node = cluster.node(index);
                    if (node.isRunning()) {
                        node.kill();
                        awaitDown(client, node);
                    } else {
                        node.restart();
                        awaitUp(client, node);
                    }
                    readAll(cache);
                    cache.invalidate(7);
                    assertThat(cache.get(7)).startsWith("value of 7,");
                    cache.put(8, "value of 8, load 0");
                    assertThat(cache.peek(8)).contains("value of 8, load 0");
                }
                assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
                await().atMost(IN_THE_END)
                        .untilAsserted(() -> assertThat(sources(cache)).containsOnly(Source.MEMCACHED));
            }
            // Once at first, and once after each of its node's three returns.
            assertThat(IntStream.range(0, KEYS).filter(key -> key != 7).map(database::loadsOf))
                    .allMatch(loads -> loads <= 4);
        }
    }
}
