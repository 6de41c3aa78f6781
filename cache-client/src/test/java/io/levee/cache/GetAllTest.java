package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading many keys in one call, by two clients of one real node. */
class GetAllTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final String name = Fleet.name();
    private final Queue<Collection<String>> bulkLoads = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> loads = new ConcurrentHashMap<>();
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> bulk(CacheClient client) {
        return Fleet.strings(client, name).expireAfterWrite(LONG).bulkLoader(this::loadAll);
    }

    private ReadThroughCache.Builder<String, String> single(CacheClient client) {
        return Fleet.strings(client, name).expireAfterWrite(LONG).loader(this::load);
    }

    private Map<String, String> loadAll(Collection<? extends String> keys) throws Exception {
        bulkLoads.add(List.copyOf(keys));
        Map<String, String> values = new ConcurrentHashMap<>();
        for (String key : keys) {
            String value = load(key);
            if (value != null) {
                values.put(key, value);
            }
        }
        return values;
    }

    private String load(String key) throws Exception {
        loads.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
        if (key.startsWith("bad")) {
            throw new IOException("down for " + key);
        }
        return key.startsWith("none") ? null : "value of " + key;
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
    }

    private static Map<String, String> expected(Collection<String> keys) {
        return keys.stream().collect(Collectors.toMap(key -> key, key -> "value of " + key));
    }

    private void assertLoadedOnce(Collection<String> keys) {
        assertThat(loads.keySet()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(loads.values()).allSatisfy(count -> assertThat(count).hasValue(1));
    }

    @Test
    void getAll_withALoaderOfItsOwn_givesItWhatIsMissing() {
        ReadThroughCache<String, String> cache = single(fleet.here).build();
        cache.get("k1");

        Map<String, String> values = cache.getAll(List.of("k0", "k1", "k2"), this::loadAll);

        assertThat(values).containsOnlyKeys("k0", "k1", "k2");
        assertThat(bulkLoads).containsExactly(List.of("k0", "k2"));
    }

    @Test
    void coldKeys_areLoadedInOneCallAndKept() {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();

        assertThat(cache.getAll(List.of("a", "b", "none", "a"))).isEqualTo(expected(List.of("a", "b")));
        await().until(() -> cache.stats().writes() == 2);

        assertThat(bulkLoads).containsExactly(List.of("a", "b", "none"));
        assertThat(cache.getAll(List.of("b", "a")).keySet()).containsExactly("b", "a");
        assertThat(cache.get("a")).isEqualTo("value of a");
        assertThat(bulkLoads).hasSize(1);
        assertThat(cache.stats().hits()).isEqualTo(3);
        assertThat(cache.stats().misses()).isEqualTo(3);
        assertThat(cache.stats().loads()).isEqualTo(1);
    }

    @Test
    void tenThousandKeys_areOneLoadAndThenHits() {
        List<String> keys = keys(10_000);
        ReadThroughCache<String, String> here = bulk(fleet.here).build();
        ReadThroughCache<String, String> there = bulk(fleet.there).build();

        assertThat(here.getAll(keys)).isEqualTo(expected(keys));
        await().until(() -> here.stats().writes() == keys.size());

        assertThat(there.getAll(keys)).isEqualTo(expected(keys));
        assertThat(there.stats().hits()).isEqualTo(keys.size());
        assertThat(bulkLoads).hasSize(1);
    }

    @Test
    void processesThatAskForTheSameKeys_loadEachOnce() throws Exception {
        List<String> keys = keys(3_000);
        List<String> backwards = IntStream.range(0, keys.size())
                .mapToObj(i -> keys.get(keys.size() - 1 - i))
                .toList();
        ReadThroughCache<String, String> here = bulk(fleet.here).build();
        ReadThroughCache<String, String> there = bulk(fleet.there).build();

        List<Caller<Map<String, String>>> callers = List.of(
                Caller.start(() -> here.getAll(keys)),
                Caller.start(() -> there.getAll(backwards)),
                Caller.start(() -> here.getAll(backwards)),
                Caller.start(() -> there.getAll(keys)));

        for (Caller<Map<String, String>> caller : callers) {
            assertThat(caller.result()).isEqualTo(expected(keys));
        }
        assertLoadedOnce(keys);
    }

    @Test
    void keyThatIsBeingLoaded_isWaitedForAndNotLoadedAgain() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();
        Caller<String> first = Caller.start(() -> cache.get("a", key -> {
            loading.countDown();
            finish.await();
            return "of the single load";
        }));
        Caller.awaitLatch(loading);

        Caller<Map<String, String>> all = Caller.start(() -> cache.getAll(List.of("a", "b")));
        await().until(() -> bulkLoads.size() == 1);
        finish.countDown();

        assertThat(all.result()).isEqualTo(Map.of("a", "of the single load", "b", "value of b"));
        assertThat(first.result()).isEqualTo("of the single load");
        assertThat(bulkLoads).containsExactly(List.of("b"));
    }

    @Test
    void withoutABulkLoader_eachIsLoadedByItselfOnTheCallingThread() {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        List<String> keys = keys(100);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(2)
                .loader(key -> {
                    threads.add(Thread.currentThread());
                    return load(key);
                })
                .build();

        assertThat(cache.getAll(keys)).isEqualTo(expected(keys));

        assertLoadedOnce(keys);
        assertThat(threads).containsOnly(Thread.currentThread());
        assertThat(cache.stats().loadsRejected()).isZero();
    }

    @Test
    void withLoadTimeouts_singleLoadsRunSideBySideUnderTheBound() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch threeAtOnce = new CountDownLatch(3);
        List<String> keys = keys(60);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(3)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .loader(key -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    threeAtOnce.countDown();
                    threeAtOnce.await();
                    running.decrementAndGet();
                    return load(key);
                })
                .build();

        assertThat(cache.getAll(keys)).isEqualTo(expected(keys));

        assertThat(most).hasValue(3);
        assertLoadedOnce(keys);
        assertThat(cache.stats().loadsRejected()).isZero();
    }

    @Test
    void someKeysFail_theOthersAreInTheExceptionAndInTheCache() {
        ReadThroughCache<String, String> cache = single(fleet.here).build();

        assertThatThrownBy(() -> cache.getAll(List.of("a", "bad", "b")))
                .isInstanceOfSatisfying(BulkLoadException.class, failure -> {
                    assertThat(failure).hasMessageContaining("1 of 3 keys").hasMessageContaining("down for bad");
                    assertThat(failure.values()).isEqualTo(expected(List.of("a", "b")));
                    assertThat(failure.failures().get("bad"))
                            .isInstanceOf(LoadException.class)
                            .hasCauseInstanceOf(IOException.class);
                });
        await().until(() -> cache.stats().writes() == 2);
        assertThat(cache.getAll(List.of("a", "b"))).isEqualTo(expected(List.of("a", "b")));
        assertLoadedOnce(List.of("a", "bad", "b"));
    }

    @Test
    void bulkLoaderFails_itsKeysFailAndAreHeldBackWhileHitsAreKept() {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();
        cache.put("a", "put");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.getAll(List.of("a", "bad")))
                    .isInstanceOfSatisfying(
                            BulkLoadException.class,
                            failure -> assertThat(failure.values()).isEqualTo(Map.of("a", "put")));
        }
        assertThat(bulkLoads).as("held back for a moment").hasSize(1);
        assertThat(fleet.line.has(name + ":bad")).as("the lease is given back").isFalse();
    }

    @Test
    void nodeDead_heldValuesAreServedAndTheRestIsLoaded() {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();
        assertThat(cache.getAll(List.of("a", "b"))).isEqualTo(expected(List.of("a", "b")));
        fleet.node.kill();
        await().until(() -> fleet.here.health().nodes().get(0).state() != io.levee.cache.monitor.NodeState.UP);

        assertThat(cache.getAll(List.of("a", "b", "c"))).isEqualTo(expected(List.of("a", "b", "c")));

        assertThat(bulkLoads).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(cache.stats().fallbackHits()).isEqualTo(2);
    }

    @Test
    void invalidatedWhileBeingLoaded_answersAndIsNotKept() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .bulkLoader(keys -> {
                    loading.countDown();
                    finish.await();
                    return Map.of("a", "old", "b", "old");
                })
                .build();
        Caller<Map<String, String>> all = Caller.start(() -> cache.getAll(List.of("a", "b")));
        Caller.awaitLatch(loading);

        cache.invalidateAll(List.of("a"));
        finish.countDown();

        assertThat(all.result()).isEqualTo(Map.of("a", "old", "b", "old"));
        await().until(() -> cache.stats().writes() == 1);
        assertThat(cache.peek("a")).isEmpty();
        assertThat(cache.peek("b")).contains("old");
        assertThat(fleet.line.has(name + ":a")).isFalse();
    }

    @Test
    void bulkLoaderAlone_loadsSingleKeysToo() {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();

        assertThat(cache.get("a")).isEqualTo("value of a");
        assertThat(cache.get("none")).isNull();
        assertThat(bulkLoads).containsExactly(List.of("a"), List.of("none"));
    }

    @Test
    void bulkLoaderReturnsNull_isAFailureThatSaysSo() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .bulkLoader(keys -> null)
                .build();

        assertThatThrownBy(() -> cache.getAll(List.of("a")))
                .isInstanceOf(BulkLoadException.class)
                .hasMessageContaining("returned null instead of a map");
    }

    @Test
    void bulkLoaderReturnsAMapThatThrows_isAFailureOfAllKeysThatIsHeldBack() {
        AtomicInteger calls = new AtomicInteger();
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .bulkLoader(keys -> {
                    calls.incrementAndGet();
                    return new TreeMap<>(Map.of("a", "value of a")) {
                        @Override
                        public String get(Object key) {
                            if (key.equals("b")) {
                                throw new ClassCastException("no such key");
                            }
                            return super.get(key);
                        }
                    };
                })
                .build();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.getAll(List.of("a", "b", "c")))
                    .isInstanceOfSatisfying(
                            BulkLoadException.class,
                            e -> assertThat(e.failures().keySet()).containsExactly("a", "b", "c"));
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void loaderAsksForItsOwnKeyAmongOthers_theOthersAreLoadedAllTheSame() {
        AtomicReference<ReadThroughCache<String, String>> cache = new AtomicReference<>();
        cache.set(bulk(fleet.here)
                .loader(key -> key.equals("own")
                        ? cache.get().getAll(List.of("a", "own", "b")).toString()
                        : load(key))
                .build());

        assertThatThrownBy(() -> cache.get().get("own"))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(IllegalStateException.class);

        assertThat(cache.get().getAll(List.of("a", "b"))).isEqualTo(expected(List.of("a", "b")));
        assertThat(bulkLoads).containsExactly(List.of("a", "b"));
    }

    @Test
    void moreKeysThanAConnectionCarriesAtOnce_nodeIsSlow_allAreRemovedInTheEnd() throws Exception {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();
        cache.getAll(List.of("k0", "k9999"));
        await().until(() -> cache.stats().writes() == 2);
        Thread caller = new Thread(() -> cache.invalidateAll(keys(10_000)));

        fleet.node.hang();
        caller.start();
        await().until(() -> caller.getState() == Thread.State.WAITING);
        fleet.node.resume();
        caller.join();

        assertThat(fleet.line.has(name + ":k9999")).isFalse();
        assertThat(cache.stats().writeFailures()).isZero();
    }

    @Test
    void badArguments_areRefused() {
        ReadThroughCache<String, String> cache = bulk(fleet.here).build();

        assertThat(cache.getAll(List.of())).isEmpty();
        assertThatThrownBy(() -> cache.getAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> cache.getAll(Arrays.asList("a", null))).isInstanceOf(NullPointerException.class);
        assertThat(bulkLoads).isEmpty();
        fleet.here.close();
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).isInstanceOf(CacheClosedException.class);
    }
}
