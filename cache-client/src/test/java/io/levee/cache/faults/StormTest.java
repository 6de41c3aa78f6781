package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Clearings, a storm of invalidations and nodes that come back empty and are refilled, all in the middle of each other, by two clients
 * that stand for two processes. Each value is its row's version when it was loaded.
 */
class StormTest {
    private static final Duration IN_THE_END = Duration.ofSeconds(30);
    private static final int RESTARTS = 4;
    /** Rows whose every change is followed by an invalidation. */
    private static final int INVALIDATED = 16;
    /** With those behind them, whose changes nothing but a clearing tells of. */
    private static final int KEYS = 2 * INVALIDATED;

    private final AtomicLongArray database = new AtomicLongArray(KEYS);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicInteger refills = new AtomicInteger();
    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private Cluster cluster;
    private CacheClient one;
    private CacheClient two;
    private ReadThroughCache<Integer, Long> here;
    private ReadThroughCache<Integer, Long> there;

    @BeforeEach
    void start() {
        cluster = Cluster.of(2);
        one = client();
        two = client();
        here = cache(one);
        there = cache(two);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        cluster.close();
    }

    private CacheClient client() {
        return CacheClient.builder()
                .nodes(cluster.addresses())
                .operationTimeout(Duration.ofSeconds(20))
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .listener(new CacheListener() {
                    @Override
                    public void nodeRefilled(NodeAddress node, int stored, int present) {
                        refills.incrementAndGet();
                    }
                })
                .build();
    }

    private ReadThroughCache<Integer, Long> cache(CacheClient client) {
        return client.cache("rows", Integer.class, Long.class)
                .loader(database::get)
                .expireAfterWrite(Duration.ofHours(1))
                .loadWait(Duration.ofSeconds(20))
                .build();
    }

    @Test
    void clearingsInvalidationsAndRefillsAtOnce_noValueIsOlderThanItMayBe() throws Exception {
        List<Thread> callers = List.of(
                caller(() -> invalidate(here)),
                caller(() -> invalidate(there)),
                caller(() -> here.get(anyKey())),
                caller(() -> there.getAll(List.of(anyKey(), anyKey(), anyKey()))));
        for (int restart = 0; restart < RESTARTS; restart++) {
            awaitCalls(2_000);
            cluster.nodes().get(restart % 2).restart();
            awaitCalls(restart * 50L);
            clear(restart % 2 == 0 ? here : there);
            awaitCalls(500);
            clear(restart % 2 == 0 ? there : here);
        }
        assertThat(refills).as("nodes that this client or that refilled").hasPositiveValue();
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(breaches).isEmpty();
        for (ReadThroughCache<Integer, Long> cache : List.of(here, there)) {
            for (int key = 0; key < KEYS; key++) {
                int k = key;
                await().atMost(IN_THE_END).until(() -> cache.get(k) == database.get(k));
            }
        }
        for (int key = 0; key < KEYS; key++) {
            assertThat(List.of(here.get(key), there.get(key))).containsOnly(database.get(key));
        }
    }

    /** What the writing process reads afterwards is at least what it wrote, whatever the nodes do. */
    private void invalidate(ReadThroughCache<Integer, Long> cache) {
        int key = ThreadLocalRandom.current().nextInt(INVALIDATED);
        long written = database.incrementAndGet(key);
        cache.invalidate(key);
        expectAtLeast(written, cache.get(key), "invalidated key " + key);
    }

    private void clear(ReadThroughCache<Integer, Long> cache) {
        long[] written = IntStream.range(INVALIDATED, KEYS)
                .mapToLong(database::incrementAndGet)
                .toArray();
        cache.clear();
        for (int key = INVALIDATED; key < KEYS; key++) {
            expectAtLeast(written[key - INVALIDATED], cache.get(key), "cleared, key " + key);
        }
    }

    private void expectAtLeast(long written, long read, String what) {
        if (read < written) {
            breaches.add(what + ": version " + written + " was written, " + read + " was read");
        }
    }

    private void awaitCalls(long more) {
        long from = calls.get();
        await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(1)).until(() -> calls.get() >= from + more);
    }

    private Thread caller(Runnable call) {
        Thread thread = new Thread(
                () -> {
                    while (!over.get()) {
                        call.run();
                        calls.incrementAndGet();
                    }
                },
                "caller");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, cause) -> breaches.add("failed: " + cause));
        thread.start();
        return thread;
    }

    private static int anyKey() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }
}
