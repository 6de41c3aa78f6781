package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cache does while its nodes are well. */
class ReadThroughTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Fleet fleet;

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> counting(CacheClient client) {
        return Fleet.strings(client, name)
                .loader(key -> key + " " + loads.incrementAndGet())
                .expireAfterWrite(LONG);
    }

    private static void awaitWrites(ReadThroughCache<?, ?> cache, long writes) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> cache.stats().writes() >= writes);
    }

    @Test
    void get_coldThenWarm_loadsOnce() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThat(cache.get("k")).isEqualTo("k 1");
        assertThat(cache.get("k")).isEqualTo("k 1");

        assertThat(loads).hasValue(1);
        assertThat(cache.stats().misses()).isEqualTo(1);
        assertThat(cache.stats().hits()).isEqualTo(1);
        assertThat(cache.stats().loads()).isEqualTo(1);
        assertThat(cache.name()).isEqualTo(name);
    }

    @Test
    void get_loadedByAnotherProcess_isServedFromMemcached() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();

        here.get("k");
        awaitWrites(here, 1);

        Lookup<String> found = there.lookup("k");
        assertThat(found.value()).isEqualTo("k 1");
        assertThat(found.source()).isEqualTo(Source.MEMCACHED);
        assertThat(found.age().isNegative()).isFalse();
        assertThat(there.stats().loads()).isZero();
    }

    @Test
    void get_withALoaderOfTheCall_usesItOnAMissOnly() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThat(cache.get("k", key -> "own")).isEqualTo("own");
        assertThat(cache.get("k", key -> "other")).isEqualTo("own");
        assertThat(cache.get("k")).isEqualTo("own");
        assertThat(loads).hasValue(0);
    }

    @Test
    void get_withoutAnyLoader_saysWhatToDo() {
        ReadThroughCache<String, String> cache =
                Fleet.strings(fleet.here, name).expireAfterWrite(LONG).build();

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("loader");
        assertThatThrownBy(() -> cache.getAsync("k")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cache.refresh("k")).isInstanceOf(IllegalStateException.class);
        assertThat(cache.get("k", key -> "own")).isEqualTo("own");
        assertThat(cache.peek("k")).contains("own");
    }

    @Test
    void getAsync_coldThenWarm_completesWithTheValueOfOneLoad() throws Exception {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThat(cache.getAsync("k").get(20, TimeUnit.SECONDS)).isEqualTo("k 1");
        assertThat(cache.getAsync("k").get(20, TimeUnit.SECONDS)).isEqualTo("k 1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void getAsync_cancelled_doesNotStopTheLoad() {
        CountDownLatch cancelled = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .loader(key -> {
                    cancelled.await();
                    return "loaded";
                })
                .build();

        assertThat(cache.getAsync("k").cancel(true)).isTrue();
        cancelled.countDown();

        await().untilAsserted(() -> assertThat(cache.peek("k")).contains("loaded"));
    }

    @Test
    void lookup_ofEachTier_namesIt() {
        ReadThroughCache<String, String> cache =
                counting(fleet.here).nearCache(LONG).cacheAbsent(LONG).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();

        assertThat(cache.lookup("k").source()).isEqualTo(Source.LOADED);
        assertThat(cache.lookup("k").source()).isEqualTo(Source.NEAR);
        awaitWrites(cache, 1);
        assertThat(there.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(cache.get("none", key -> null)).isNull();
        Lookup<String> absent = cache.lookup("none");
        assertThat(absent.source()).isEqualTo(Source.ABSENT);
        assertThat(absent.value()).isNull();
    }

    @Test
    void peek_ofAColdKey_isEmptyAndLeavesNothingInMemcached() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThat(cache.peek("k")).isEmpty();

        assertThat(fleet.line.has(name + ":k")).isFalse();
        assertThat(loads).hasValue(0);
        assertThat(cache.stats().misses()).isEqualTo(1);
    }

    @Test
    void peek_whileAnotherLoads_takesNoLease() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        cache.get("k", key -> {
            assertThat(cache.peek(key)).isEmpty();
            return "loaded";
        });
        awaitWrites(cache, 1);

        assertThat(cache.peek("k")).contains("loaded");
        assertThat(cache.stats().writeFailures()).isZero();
    }

    @Test
    void put_isSeenHereAndByOtherProcesses() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        there.get("k");

        here.put("k", "mine");

        assertThat(here.get("k")).isEqualTo("mine");
        assertThat(there.get("k")).isEqualTo("mine");
        assertThat(there.lookup("k").source()).isEqualTo(Source.MEMCACHED);
    }

    @Test
    void put_withNearCache_replacesTheNearValue() {
        ReadThroughCache<String, String> cache =
                counting(fleet.here).nearCache(LONG).build();
        cache.get("k");

        cache.put("k", "mine");

        assertThat(cache.lookup("k").value()).isEqualTo("mine");
        assertThat(cache.lookup("k").source()).isEqualTo(Source.NEAR);
    }

    @Test
    void invalidate_isSeenHereAndByOtherProcesses() {
        ReadThroughCache<String, String> here =
                counting(fleet.here).nearCache(LONG).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        awaitWrites(here, 1);

        here.invalidate("k");

        assertThat(fleet.line.has(name + ":k")).isFalse();
        assertThat(there.get("k")).isEqualTo("k 2");
        awaitWrites(there, 1);
        assertThat(here.get("k")).isEqualTo("k 2");
    }

    @Test
    void invalidate_ofAColdKey_doesNothing() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        cache.invalidate("k");

        assertThat(cache.stats().writeFailures()).isZero();
        assertThat(cache.get("k")).isEqualTo("k 1");
    }

    @Test
    void refresh_ofAFreshValue_loadsAnewAndIsSeenByOthers() throws Exception {
        ReadThroughCache<String, String> here =
                counting(fleet.here).nearCache(LONG).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        awaitWrites(here, 1);

        assertThat(here.refresh("k").get(20, TimeUnit.SECONDS)).isEqualTo("k 2");

        awaitWrites(here, 2);
        assertThat(here.get("k")).isEqualTo("k 2");
        assertThat(there.get("k")).isEqualTo("k 2");
        assertThat(here.stats().misses()).as("a refresh is not a lookup").isEqualTo(1);
    }

    @Test
    void refresh_thatFails_keepsTheOldValueAndSaysSo() {
        AtomicInteger calls = new AtomicInteger();
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .loader(key -> {
                    if (calls.incrementAndGet() > 1) {
                        throw new IllegalStateException("database down");
                    }
                    return "old";
                })
                .build();
        cache.get("k");
        awaitWrites(cache, 1);

        assertThat(cache.refresh("k"))
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(LoadException.class)
                .withRootCauseInstanceOf(IllegalStateException.class);
        assertThat(cache.get("k")).isEqualTo("old");
    }

    @Test
    void stats_ofManyKindsOfLookup_countEachOnce() {
        ReadThroughCache<String, String> cache =
                counting(fleet.here).nearCache(Duration.ofMillis(1)).build();
        int lookups = 0;
        for (int round = 0; round < 50; round++) {
            cache.get("a");
            cache.lookup("b");
            cache.peek("c");
            cache.peek("a");
            cache.getAsync("d").join();
            lookups += 5;
        }
        CacheStats stats = cache.stats();
        assertThat(stats.hits() + stats.nearHits() + stats.staleHits() + stats.fallbackHits() + stats.misses())
                .isEqualTo(lookups);
        assertThat(stats.misses()).isEqualTo(53);
        assertThat(stats.loads()).isEqualTo(3);
    }

    @Test
    void stats_ofFailedLookups_countThemAsMisses() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThatThrownBy(() -> cache.get("fails", key -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(LoadException.class);
        assertThatThrownBy(() -> cache.get("own", cache::get)).isInstanceOf(LoadException.class);

        assertThat(cache.stats().misses())
                .as("one failed, one asked for itself")
                .isEqualTo(3);
    }

    @Test
    void cache_ofANameInUse_isRefused() {
        ReadThroughCache<String, String> first = counting(fleet.here).build();

        assertThatThrownBy(() -> counting(fleet.here).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
        assertThat(first.get("k")).isEqualTo("k 1");
    }

    @Test
    void nullArguments_areRefused() {
        ReadThroughCache<String, String> cache = counting(fleet.here).build();

        assertThatThrownBy(() -> cache.get(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.getAsync(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.lookup(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.peek(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.refresh(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.invalidate(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.put(null, "v"))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("key must not be null");
        assertThatThrownBy(() -> cache.put("k", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("value must not be null");
        assertThatThrownBy(() -> cache.get("k", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("loader");
        assertThat(cache.stats().misses()).isZero();
    }

    @Test
    void absence_notCached_isLoadedEachTimeAndLeavesNoLease() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .loader(key -> loads.incrementAndGet() == 0 ? "" : null)
                .build();

        assertThat(cache.get("k")).isNull();
        assertThat(cache.lookup("k").source()).isEqualTo(Source.ABSENT);
        assertThat(loads).hasValue(2);
        await().untilAsserted(() -> assertThat(fleet.line.has(name + ":k")).isFalse());
        assertThat(cache.peek("k")).isEmpty();
    }

    @Test
    void absence_cached_isLoadedOnceForAllProcesses() {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .cacheAbsent(LONG)
                .loader(key -> loads.incrementAndGet() == 0 ? "" : null)
                .build();
        ReadThroughCache<String, String> there = Fleet.strings(fleet.there, name)
                .expireAfterWrite(LONG)
                .cacheAbsent(LONG)
                .loader(key -> loads.incrementAndGet() == 0 ? "" : null)
                .build();

        assertThat(here.get("k")).isNull();
        awaitWrites(here, 1);
        for (int i = 0; i < 10; i++) {
            assertThat(there.lookup("k").source()).isEqualTo(Source.ABSENT);
            assertThat(here.get("k")).isNull();
            assertThat(here.getAsync("k").join()).isNull();
            assertThat(here.peek("k")).isEmpty();
        }
        // A refresh behind a caller's back would be under way by now: one more of another key has gone the same way.
        here.refresh("other").join();
        assertThat(loads).hasValue(2);
    }

    @Test
    void absence_cachedForLessThanStaleFor_isNotRefreshedByEachHit() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .cacheAbsent(Duration.ofSeconds(30))
                .loader(key -> loads.incrementAndGet() == 0 ? "" : null)
                .build();

        cache.get("k");
        awaitWrites(cache, 1);
        cache.get("k");
        cache.get("k");
        cache.refresh("other").join();
        awaitWrites(cache, 2);

        assertThat(loads).hasValue(2);
    }

    @Test
    void absence_pastItsTime_isLoadedAgain() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .cacheAbsent(Duration.ofMillis(50))
                .loader(key -> loads.incrementAndGet() == 1 ? null : "found")
                .build();

        assertThat(cache.get("k")).isNull();

        await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> "found".equals(cache.get("k")));
        assertThat(loads).hasValue(2);
    }

    @Test
    void nearCache_whileAValueIsNear_doesNotAskMemcached() {
        ReadThroughCache<String, String> here =
                counting(fleet.here).nearCache(LONG).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        awaitWrites(here, 1);

        there.put("k", "newer");

        assertThat(here.get("k")).isEqualTo("k 1");
        assertThat(here.getAsync("k").join()).isEqualTo("k 1");
        assertThat(here.peek("k")).contains("k 1");
        assertThat(here.stats().nearHits()).isEqualTo(3);
    }

    @Test
    void nearCache_pastItsTime_asksMemcachedAgain() {
        ReadThroughCache<String, String> here =
                counting(fleet.here).nearCache(Duration.ofMillis(50)).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        awaitWrites(here, 1);
        there.put("k", "newer");

        await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> here.get("k").equals("newer"));
        assertThat(loads).hasValue(1);
    }

    @Test
    void nearCache_off_asksMemcachedEachTime() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        here.get("k");
        awaitWrites(here, 1);

        there.put("k", "newer");

        assertThat(here.get("k")).isEqualTo("newer");
        assertThat(here.stats().nearHits()).isZero();
    }
}
