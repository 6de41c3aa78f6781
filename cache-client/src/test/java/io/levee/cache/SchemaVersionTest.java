package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two releases of an application side by side on one node, as while a new one is rolled out. Each value names the release that loaded
 * it and the row's version then.
 */
class SchemaVersionTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final ConcurrentLinkedQueue<String> UNDECODABLE = new ConcurrentLinkedQueue<>();

    private static Fleet fleet;
    private static CacheClient third;

    private final String name = Fleet.name();
    private final AtomicInteger version = new AtomicInteger(1);
    private final AtomicInteger oldLoads = new AtomicInteger();
    private final AtomicInteger newLoads = new AtomicInteger();

    private final ReadThroughCache<String, String> oldRelease = old(fleet.here).build();
    private final ReadThroughCache<String, String> newRelease =
            fresh(fleet.there).build();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
        third = Fleet.client(fleet.node)
                .listener(new CacheListener() {
                    @Override
                    public void undecodable(String cache, String key, String reason) {
                        UNDECODABLE.add(cache + " " + reason);
                    }
                })
                .build();
    }

    @AfterAll
    static void stop() {
        third.close();
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> old(CacheClient client) {
        return Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .schemaVersion(1)
                .loader(key -> {
                    oldLoads.incrementAndGet();
                    return "old " + version.get();
                });
    }

    private ReadThroughCache.Builder<String, String> fresh(CacheClient client) {
        return Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .schemaVersion(2)
                .loader(key -> {
                    newLoads.incrementAndGet();
                    return "new " + version.get();
                });
    }

    private int loads() {
        return oldLoads.get() + newLoads.get();
    }

    /** The item's token on the node, or what is there in its place. */
    private String item(String key) {
        return fleet.line.say("mg " + name + ":" + key + " c f");
    }

    private void awaitWritten(ReadThroughCache<?, ?> cache, long writes) {
        await().until(() -> cache.stats().writes() >= writes);
    }

    @Test
    void itemOfALowerVersion_isLoadedAnewAndOverwrittenWithoutAWord() {
        oldRelease.put("k", "garbage to the new release");
        ReadThroughCache<String, String> listening = fresh(third).build();

        Lookup<String> found = listening.lookup("k");

        assertThat(found.value()).isEqualTo("new 1");
        assertThat(found.source()).isEqualTo(Source.LOADED);
        assertThat(UNDECODABLE).noneMatch(line -> line.startsWith(name + " "));
        awaitWritten(listening, 1);
        assertThat(newRelease.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(newLoads).hasValue(1);
    }

    @Test
    void itemOfAHigherVersion_isLeftAloneAndLoadedOnceForThisProcess() {
        newRelease.get("k");
        awaitWritten(newRelease, 1);
        String item = item("k");

        assertThat(oldRelease.get("k")).isEqualTo("old 1");
        for (int i = 0; i < 100; i++) {
            assertThat(oldRelease.lookup("k").source()).isEqualTo(Source.FALLBACK);
        }

        assertThat(oldLoads).hasValue(1);
        assertThat(item("k")).isEqualTo(item);
        assertThat(oldRelease.stats().writes()).isZero();
        assertThat(newRelease.get("k")).isEqualTo("new 1");
        assertThat(newLoads).hasValue(1);
    }

    @Test
    void itemOfAHigherVersion_isNothingToAPeek() {
        newRelease.put("k", "new");

        assertThat(oldRelease.peek("k")).isEmpty();
        oldRelease.get("k");
        assertThat(oldRelease.peek("k")).contains("old 1");
    }

    @Test
    void itemOfAHigherVersion_isNotTouchedByARefreshNorByAnAbsence() throws Exception {
        newRelease.put("k", "new");
        String item = item("k");
        ReadThroughCache<String, String> emptied = Fleet.strings(third, name)
                .expireAfterWrite(LONG)
                .schemaVersion(1)
                .loader(key -> null)
                .build();

        assertThat(emptied.get("k")).isNull();
        assertThat(oldRelease.refresh("k").get()).isEqualTo("old 1");
        assertThat(oldRelease.lookup("k").source()).isEqualTo(Source.FALLBACK);

        // Whatever they sent would have been answered before this.
        oldRelease.get("other");
        emptied.get("other");
        assertThat(item("k")).isEqualTo(item);
    }

    @Test
    void itemOfAHigherVersion_staleValueOfThisProcess_isServedWhileItIsLoadedAnew() {
        ReadThroughCache<String, String> brief = Fleet.strings(third, name)
                .expireAfterWrite(Duration.ofMillis(1))
                .schemaVersion(1)
                .loader(key -> "old " + version.get() + ", load " + oldLoads.incrementAndGet())
                .build();
        newRelease.put("k", "new");
        String item = item("k");
        brief.get("k");

        await().until(() -> brief.lookup("k").source() == Source.STALE);
        await().until(() -> oldLoads.get() > 1);

        assertThat(item("k")).isEqualTo(item);
    }

    @Test
    void itemOfAHigherVersion_thatIsDue_keepsItsLeaseForTheNewRelease() {
        // Of so short a life that to the old release, with its own settings, it is near its end.
        ReadThroughCache<String, String> brief = Fleet.strings(third, name)
                .expireAfterWrite(LONG)
                .staleFor(Duration.ofMinutes(30))
                .schemaVersion(2)
                .build();
        newRelease.put("met", "new");
        oldRelease.get("met");
        brief.put("k", "new");

        assertThat(oldRelease.get("k")).isEqualTo("old 1");
        assertThat(oldRelease.get("k")).isEqualTo("old 1");

        assertThat(fleet.line.say("mg " + name + ":k R2592000")).contains("W");
    }

    @Test
    void itemOfAHigherVersion_isNotTouchedByThePeriodicWriteThrough() {
        newRelease.put("k", "new");
        String item = item("k");
        ReadThroughCache<String, String> warm = old(third)
                .periodicWriteThrough(Duration.ofMillis(20), List.of("k"))
                .build();

        await().until(() -> warm.peek("k").isPresent());
        newRelease.put("k", "newer");
        String newer = item("k");
        await().until(() -> oldLoads.get() > 1);

        assertThat(newer).isNotEqualTo(item);
        assertThat(item("k")).isEqualTo(newer);
        assertThat(warm.stats().writes()).isZero();
    }

    @Test
    void explain_ofAnotherReleasesItem_saysSo() {
        newRelease.put("k", "new");
        assertThat(oldRelease.explain("k")).contains("left alone: a later release wrote it, of schema version 2");

        oldRelease.put("k", "old");
        assertThat(newRelease.explain("k")).contains("a miss: an earlier release wrote it, of schema version 1");
        assertThat(oldRelease.explain("k")).doesNotContain("release");
    }

    /**
     * The bound: one load for the item that an old process stores first, if it is first; one for the new release, by lease; and one for
     * each old process, beside that.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thousandReadsByEach_ofAFreshKey_costThreeLoads(boolean together) throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            int before = loads();
            if (together) {
                List<Caller<String>> callers = new ArrayList<>(readers(oldRelease, key));
                callers.addAll(readers(newRelease, key));
                for (Caller<String> caller : callers) {
                    caller.result();
                }
            } else {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(oldRelease.get(key)).isEqualTo("old 1");
                    assertThat(newRelease.get(key)).isEqualTo("new 1");
                }
            }

            assertThat(loads() - before).as("round " + round).isBetween(2, 3);
        }
    }

    private static List<Caller<String>> readers(ReadThroughCache<String, String> cache, String key) {
        return Caller.start(10, () -> {
            for (int i = 0; i < 100; i++) {
                cache.get(key);
            }
            return cache.get(key);
        });
    }

    @Test
    void thousandReadsByEach_withLeasesOff_costFourLoads() throws Exception {
        String other = name + "-off";
        ReadThroughCache<String, String> before = Fleet.strings(fleet.here, other)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.off())
                .schemaVersion(1)
                .loader(key -> "old " + oldLoads.incrementAndGet())
                .build();
        ReadThroughCache<String, String> after = Fleet.strings(fleet.there, other)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.off())
                .schemaVersion(2)
                .loader(key -> "new " + newLoads.incrementAndGet())
                .build();
        List<Caller<String>> callers = new ArrayList<>(readers(before, "k"));
        callers.addAll(readers(after, "k"));
        for (Caller<String> caller : callers) {
            caller.result();
        }

        assertThat(loads()).isBetween(2, 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void getAllOfBoth_costsThreeLoadsAKey(boolean bulkLoaders) {
        String other = name + "-bulk";
        Map<String, AtomicInteger> perKey = new HashMap<>();
        List<String> keys = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
        keys.forEach(key -> perKey.put(key, new AtomicInteger()));
        ReadThroughCache<String, String> before = bulk(fleet.here, other, 1, perKey, bulkLoaders);
        ReadThroughCache<String, String> after = bulk(fleet.there, other, 2, perKey, bulkLoaders);

        for (int i = 0; i < 20; i++) {
            assertThat(before.getAll(keys))
                    .hasSize(50)
                    .allSatisfy((key, value) -> assertThat(value).isEqualTo("release 1 of " + key));
            assertThat(after.getAll(keys))
                    .hasSize(50)
                    .allSatisfy((key, value) -> assertThat(value).isEqualTo("release 2 of " + key));
        }

        assertThat(perKey.values()).allSatisfy(loads -> assertThat(loads.get()).isEqualTo(3));
    }

    private static ReadThroughCache<String, String> bulk(
            CacheClient client, String name, int schema, Map<String, AtomicInteger> perKey, boolean bulkLoader) {
        ReadThroughCache.Builder<String, String> builder =
                Fleet.strings(client, name).expireAfterWrite(LONG).schemaVersion(schema);
        CacheLoader<String, String> single = key -> {
            perKey.get(key).incrementAndGet();
            return "release " + schema + " of " + key;
        };
        BulkLoader<String, String> bulk = keys -> {
            Map<String, String> values = new HashMap<>();
            for (String key : keys) {
                values.put(key, single.load(key));
            }
            return values;
        };
        return (bulkLoader ? builder.bulkLoader(bulk) : builder.loader(single)).build();
    }

    @Test
    void invalidationByEither_isSeenByBoth() {
        for (int round = 0; round < 50; round++) {
            oldRelease.get("k");
            newRelease.get("k");
            oldRelease.get("k");
            int now = version.incrementAndGet();
            int before = loads();
            (round % 2 == 0 ? oldRelease : newRelease).invalidate("k");

            if (round % 4 < 2) {
                assertThat(oldRelease.get("k")).isEqualTo("old " + now);
                assertThat(newRelease.get("k")).isEqualTo("new " + now);
            } else {
                assertThat(newRelease.get("k")).isEqualTo("new " + now);
                assertThat(oldRelease.get("k")).isEqualTo("old " + now);
            }
            assertThat(oldRelease.get("k")).isEqualTo("old " + now);
            assertThat(loads() - before).as("loads of round " + round).isBetween(2, 3);
        }
    }

    @Test
    void putByEither_isSeenByTheOtherAsANewRow() {
        newRelease.get("k");
        oldRelease.get("k");

        version.incrementAndGet();
        newRelease.put("k", "new put");
        assertThat(oldRelease.get("k")).isEqualTo("old 2");
        assertThat(newRelease.get("k")).isEqualTo("new put");

        version.incrementAndGet();
        oldRelease.put("k", "old put");
        assertThat(oldRelease.get("k")).isEqualTo("old put");
        assertThat(newRelease.get("k")).isEqualTo("new 3");
        awaitWritten(newRelease, 3);
        // The new release has written over it: whether for an invalidation, nobody knows.
        assertThat(oldRelease.get("k")).isEqualTo("old 3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clearByEither_isSeenByBoth(boolean byTheOld) {
        newRelease.get("k");
        oldRelease.get("k");
        version.incrementAndGet();

        (byTheOld ? oldRelease : newRelease).clear();

        await().atMost(Fleet.PATIENT).untilAsserted(() -> {
            assertThat(oldRelease.get("k")).isEqualTo("old 2");
            assertThat(newRelease.get("k")).isEqualTo("new 2");
        });
    }

    @Test
    void invalidationDuringALoadOfTheOldRelease_isSeenThoughTheItemIsThereAgain() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> slow = Fleet.strings(third, name)
                .expireAfterWrite(LONG)
                .schemaVersion(1)
                .loader(key -> {
                    String value = "old " + version.get();
                    if (oldLoads.incrementAndGet() == 1) {
                        loading.countDown();
                        finish.await();
                    }
                    return value;
                })
                .build();
        newRelease.get("k");
        Caller<String> asked = Caller.start(() -> slow.get("k"));
        Caller.awaitLatch(loading);
        version.incrementAndGet();
        newRelease.invalidate("k");
        newRelease.get("k");
        awaitWritten(newRelease, 2);

        // Whoever asks now does not join the load that began before.
        assertThat(slow.get("k")).isEqualTo("old 2");
        finish.countDown();
        assertThat(asked.result()).isEqualTo("old 1");

        assertThat(slow.get("k")).isEqualTo("old 2");
        assertThat(oldLoads).hasValue(2);
    }

    @Test
    void invalidationDuringALoadOfTheOldRelease_isSeenInTheNearCacheToo() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> near = Fleet.strings(third, name)
                .expireAfterWrite(LONG)
                .nearCache(LONG)
                .schemaVersion(1)
                .loader(key -> {
                    String value = "old " + version.get();
                    if (oldLoads.incrementAndGet() == 1) {
                        loading.countDown();
                        finish.await();
                    }
                    return value;
                })
                .build();
        newRelease.get("k");
        Caller<String> asked = Caller.start(() -> near.get("k"));
        Caller.awaitLatch(loading);
        version.incrementAndGet();
        newRelease.invalidate("k");
        newRelease.get("k");
        awaitWritten(newRelease, 2);
        finish.countDown();
        assertThat(asked.result()).isEqualTo("old 1");

        assertThat(near.get("k")).isEqualTo("old 2");
        assertThat(near.lookup("k").source()).isEqualTo(Source.FALLBACK);
        assertThat(near.lookup("k").source()).isEqualTo(Source.NEAR);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processesOfTheNewReleaseThatWaitForAnOldOne_loadOnceForAllOfThem(boolean many) throws Exception {
        String other = name + "-wait";
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> holder = Fleet.strings(fleet.here, other)
                .expireAfterWrite(LONG)
                .schemaVersion(1)
                .loader(key -> {
                    loading.countDown();
                    finish.await();
                    return "old";
                })
                .build();
        Caller<String> old = Caller.start(() -> holder.get("k"));
        Caller.awaitLatch(loading);
        CountDownLatch newLoad = new CountDownLatch(1);
        List<Caller<String>> waiting = new ArrayList<>();
        List<ReadThroughCache<String, String>> waiters = new ArrayList<>();
        for (CacheClient client : List.of(fleet.there, third)) {
            ReadThroughCache<String, String> cache = Fleet.strings(client, other)
                    .expireAfterWrite(LONG)
                    .schemaVersion(2)
                    .bulkLoader(keys -> {
                        newLoads.incrementAndGet();
                        newLoad.await();
                        return Map.of("k", "new");
                    })
                    .build();
            waiters.add(cache);
            waiting.add(Caller.start(() -> many ? cache.getAll(List.of("k")).get("k") : cache.get("k")));
        }
        if (!many) {
            await().until(() -> waiters.stream().allMatch(cache -> cache.stats().leaseWaits() > 0));
        }

        finish.countDown();
        await().until(() -> newLoads.get() > 0);
        newLoad.countDown();

        for (Caller<String> caller : waiting) {
            assertThat(caller.result()).isEqualTo("new");
        }
        assertThat(old.result()).isEqualTo("old");
        assertThat(newLoads).hasValue(1);
    }
}
