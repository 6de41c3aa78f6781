package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many loads there are, however many callers come: the promise that keeps the database dry. */
class LoadBoundTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(20);

    private static Fleet fleet;

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> cache() {
        return Fleet.strings(fleet.here, name).expireAfterWrite(LONG);
    }

    /** Does not return before the test says so. */
    private String hang(String key) throws InterruptedException {
        loads.incrementAndGet();
        loading.countDown();
        finish.await();
        return "late " + key;
    }

    private static void awaitStale(ReadThroughCache<String, String> cache, String key) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> {
            long before = cache.stats().staleHits();
            cache.peek(key);
            return cache.stats().staleHits() > before;
        });
    }

    @Test
    void aThousandThreads_onOneColdKey_loadOnce() throws Exception {
        ReadThroughCache<String, String> cache =
                cache().loader(key -> "v" + loads.incrementAndGet()).build();

        for (Caller<String> caller : Caller.start(1_000, () -> cache.get("k"))) {
            assertThat(caller.result()).isEqualTo("v1");
        }

        CacheStats stats = cache.stats();
        assertThat(loads).hasValue(1);
        assertThat(stats.hits() + stats.misses()).isEqualTo(1_000);
        assertThat(Flights.of(cache)).isZero();
    }

    @Test
    void manyThreads_onManyColdKeysOneAfterTheOther_loadEachOnce() throws Exception {
        ReadThroughCache<String, String> here =
                cache().loader(key -> key + loads.incrementAndGet()).build();
        ReadThroughCache<String, String> there = Fleet.strings(fleet.there, name)
                .expireAfterWrite(LONG)
                .loader(key -> key + loads.incrementAndGet())
                .build();
        int rounds = 100;
        AtomicInteger turns = new AtomicInteger();
        List<Caller<Void>> callers = Caller.start(16, () -> {
            ReadThroughCache<String, String> mine = turns.getAndIncrement() % 2 == 0 ? here : there;
            for (int round = 0; round < rounds; round++) {
                String key = "k" + round + "-";
                String value =
                        round % 2 == 0 ? mine.get(key) : mine.getAsync(key).join();
                assertThat(value).startsWith(key);
            }
            return null;
        });
        for (Caller<Void> caller : callers) {
            caller.result();
        }

        assertThat(loads).hasValue(rounds);
        assertThat(here.stats().loads() + there.stats().loads()).isEqualTo(rounds);
    }

    @Test
    void aThousandAsyncCalls_onOneColdKey_loadOnce() {
        ReadThroughCache<String, String> cache = cache().loader(this::hang).build();

        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(cache.getAsync("k"));
        }
        await().until(() -> cache.stats().coalesced() == 999);
        finish.countDown();

        calls.forEach(call -> assertThat(call.join()).isEqualTo("late k"));
        assertThat(loads).hasValue(1);
    }

    @Test
    void loader_atItsBoundWithNothingStale_isRefusedWithBoundAndWait() throws Exception {
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(2)
                .loadWait(Duration.ofMillis(30))
                .loader(this::hang)
                .build();
        ReadThroughCache<String, String> other = Fleet.strings(fleet.here, Fleet.name())
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(2)
                .loader(key -> "v")
                .build();
        cache.put("cached", "c");
        List<Caller<String>> running =
                List.of(Caller.start(() -> cache.get("one")), Caller.start(() -> cache.get("two")));
        await().until(() -> loads.get() == 2);

        assertThatThrownBy(() -> cache.get("three"))
                .isInstanceOf(LoadRejectedException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("key three")
                .hasMessageContaining("2 loads")
                .hasMessageContaining("maxConcurrentLoads")
                .hasMessageMatching(".*within \\d+ ms \\(loadWait\\).*");
        assertThat(cache.get("cached")).isEqualTo("c");
        assertThat(other.get("three")).isEqualTo("v");
        assertThat(cache.stats().loadsRejected()).isEqualTo(1);
        assertThat(loads).hasValue(2);
        await("the lease is given up").until(() -> !fleet.line.has(name + ":three"));

        finish.countDown();
        for (Caller<String> caller : running) {
            caller.result();
        }
        assertThat(cache.get("three")).as("the bound is given back").isEqualTo("late three");
    }

    @Test
    void loader_atItsBoundWithoutWait_isRefusedAtOnce() throws Exception {
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(1)
                .loadWait(Duration.ZERO)
                .loader(this::hang)
                .build();
        Caller<String> running = Caller.start(() -> cache.get("one"));
        Caller.awaitLatch(loading);

        assertThatThrownBy(() -> cache.get("two")).isInstanceOf(LoadRejectedException.class);
        assertThatThrownBy(() -> cache.get("one")).isInstanceOf(LoadTimeoutException.class);

        finish.countDown();
        assertThat(running.result()).isEqualTo("late one");
    }

    @Test
    void loader_atItsBoundWithAStaleValue_isSpared() throws Exception {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .maxConcurrentLoads(1)
                .loader(this::hang)
                .build();
        cache.put("k", "old");
        Caller<String> running = Caller.start(() -> cache.get("other"));
        Caller.awaitLatch(loading);
        awaitStale(cache, "k");

        Lookup<String> found = cache.lookup("k");

        assertThat(found.value()).isEqualTo("old");
        assertThat(found.source()).isEqualTo(Source.STALE);
        assertThat(found.age()).isGreaterThan(Duration.ZERO);
        finish.countDown();
        assertThat(running.result()).isEqualTo("late other");
        assertThat(loads).hasValue(1);
    }

    @Test
    void loader_hanging_staleValueForAllButTheOneWhoLoads() throws Exception {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .expiryJitter(0)
                .loader(this::hang)
                .build();
        cache.put("k", "old");
        awaitStale(cache, "k");
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);

        for (int i = 0; i < 20; i++) {
            assertThat(cache.get("k")).isEqualTo("old");
            assertThat(cache.getAsync("k").join()).isEqualTo("old");
        }

        assertThat(leader.isDone()).isFalse();
        finish.countDown();
        assertThat(leader.result()).isEqualTo("late k");
        assertThat(loads).hasValue(1);
    }

    @Test
    void softTimeout_withAStaleValue_servesItAndTheLateValueIsCached() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(Duration.ofMillis(500))
                .expiryJitter(0)
                .maxConcurrentLoads(1)
                .loadTimeout(Duration.ofMillis(20), Fleet.PATIENT)
                .loader(this::hang)
                .build();
        cache.put("k", "old");
        awaitStale(cache, "k");

        assertThat(cache.get("k")).isEqualTo("old");

        // The lease is asked for first, which on a busy machine may take longer than the soft timeout.
        await().until(() -> loads.get() == 1);
        finish.countDown();
        await().until(() -> cache.peek("k").orElse("").equals("late k"));
        assertThat(cache.get("another")).as("the bound is given back").isEqualTo("late another");
    }

    @Test
    void hardTimeout_withNothingStale_isAnErrorAndTheLateValueIsCached() {
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loadTimeout(Duration.ofMillis(20), Duration.ofMillis(40))
                .loader(this::hang)
                .build();

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(LoadTimeoutException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("key k")
                .hasMessageContaining("40 ms");
        assertThatThrownBy(() -> cache.getAsync("k").join()).hasCauseInstanceOf(LoadTimeoutException.class);

        assertThat(loads).hasValue(1);
        finish.countDown();
        await().until(() -> cache.peek("k").orElse("").equals("late k"));
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());
    }

    @Test
    void followerThatGaveUp_leavesNothingBehind() throws Exception {
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .expireAfterWrite(LONG)
                .loadWait(Duration.ofMillis(20))
                .loader(this::hang)
                .build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);

        WeakReference<CompletableFuture<String>> follower = new WeakReference<>(gaveUp(cache));

        await("while the load goes on").until(() -> {
            System.gc();
            return follower.get() == null;
        });
        assertThat(leader.isDone()).isFalse();
        finish.countDown();
        assertThat(leader.result()).isEqualTo("late k");
    }

    private static CompletableFuture<String> gaveUp(ReadThroughCache<String, String> cache) {
        CompletableFuture<String> follower = cache.getAsync("k");
        assertThatThrownBy(follower::join).hasCauseInstanceOf(LoadTimeoutException.class);
        return follower;
    }

    @Test
    void loads_withNoNodeAtAll_areBoundedTheSame() throws Exception {
        try (MemcachedNode dead = MemcachedNode.builder().start()) {
            dead.kill();
            try (CacheClient client =
                    CacheClient.builder().nodes(dead.address()).build()) {
                ReadThroughCache<String, String> cache = Fleet.strings(client, name)
                        .expireAfterWrite(LONG)
                        .loader(this::hang)
                        .build();
                List<Caller<String>> callers = Caller.start(100, () -> cache.get("k"));
                await().until(() -> cache.stats().coalesced() == 99);
                finish.countDown();
                for (Caller<String> caller : callers) {
                    assertThat(caller.result()).isEqualTo("late k");
                }
                assertThat(loads).hasValue(1);
                assertThat(cache.lookup("k").source()).isEqualTo(Source.FALLBACK);
                assertThat(cache.stats().fallbackHits()).isEqualTo(1);
            }
        }
    }
}
