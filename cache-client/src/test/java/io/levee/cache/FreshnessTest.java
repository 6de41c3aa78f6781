package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Soft and hard expiry, and refreshing ahead. */
class FreshnessTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(20);

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

    private static void awaitStale(ReadThroughCache<String, String> cache, String key) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> {
            long before = cache.stats().staleHits();
            cache.peek(key);
            return cache.stats().staleHits() > before;
        });
    }

    private static void awaitAge(long sinceNanos, Duration age) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> System.nanoTime() - sinceNanos > age.toNanos());
    }

    @Test
    void value_pastItsFreshness_isLoadedAgainByWhoAsks() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .loader(key -> "v" + loads.incrementAndGet())
                .build();
        cache.put("k", "old");
        awaitStale(cache, "k");

        Lookup<String> found = cache.lookup("k");

        assertThat(found.value()).isEqualTo("v1");
        assertThat(found.source()).isEqualTo(Source.LOADED);
    }

    @Test
    void loaderFails_withAStaleValue_servesIt() {
        AtomicBoolean down = new AtomicBoolean(true);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .loader(key -> {
                    loads.incrementAndGet();
                    if (down.get()) {
                        throw new IOException("down");
                    }
                    return "new";
                })
                .build();
        cache.put("k", "old");
        awaitStale(cache, "k");

        assertThat(cache.get("k")).isEqualTo("old");
        assertThat(cache.lookup("k").source()).isEqualTo(Source.STALE);
        assertThat(loads).as("the failure is held back").hasValue(1);

        down.set(false);
        await("first success").until(() -> cache.get("k").equals("new"));
    }

    @Test
    void value_pastStaleFor_isNeverServed() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .staleFor(Duration.ofMillis(30))
                .loader(key -> {
                    throw new IOException("down");
                })
                .build();
        cache.put("k", "old");
        long put = System.nanoTime();
        awaitAge(put, Duration.ofMillis(55));

        assertThat(cache.peek("k")).isEmpty();
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(LoadException.class);
        assertThat(cache.stats().staleHits()).isZero();
    }

    @Test
    void staleForZero_servesNothingStale() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .staleFor(Duration.ZERO)
                .loader(key -> {
                    throw new IOException("down");
                })
                .build();
        cache.put("k", "old");
        awaitAge(System.nanoTime(), SHORT.plusMillis(5));

        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(LoadException.class);
    }

    @Test
    void absence_pastItsTime_isNotServedStale() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .cacheAbsent(SHORT)
                .loader(key -> {
                    if (loads.incrementAndGet() == 1) {
                        return null;
                    }
                    throw new IOException("down");
                })
                .build();
        assertThat(cache.get("k")).isNull();
        awaitAge(System.nanoTime(), SHORT.plusMillis(5));

        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(LoadException.class);
    }

    @Test
    void loaderReturnsNull_forAStaleValue_removesIt() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(SHORT)
                .loader(key -> loads.incrementAndGet() == 0 ? "" : null)
                .build();
        cache.put("k", "old");
        awaitStale(cache, "k");

        assertThat(cache.get("k")).isNull();

        await().until(() -> !fleet.line.has(name + ":k"));
        assertThat(cache.get("k")).isNull();
    }

    @Test
    void refreshAfterWrite_ofAnOlderHit_servesItAndLoadsOnceBehind() throws Exception {
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .refreshAfterWrite(SHORT)
                .loader(key -> {
                    finish.await();
                    return "v" + loads.incrementAndGet();
                })
                .build();
        cache.put("k", "old");
        awaitAge(System.nanoTime(), SHORT.plusMillis(5));

        for (Caller<String> caller : Caller.start(20, () -> cache.get("k"))) {
            assertThat(caller.result()).isEqualTo("old");
        }
        assertThat(cache.stats().hits()).isEqualTo(20);
        finish.countDown();

        await().until(() -> cache.peek("k").orElse("").equals("v1"));
        assertThat(loads).hasValue(1);
    }

    @Test
    void refreshAfterWrite_ofAYoungerHit_doesNotLoad() {
        // With the full jitter, an item may be written that lives less long than refreshing is asked for.
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .refreshAfterWrite(Duration.ofMinutes(1))
                .expiryJitter(0.5)
                .loader(key -> "v" + loads.incrementAndGet())
                .build();
        for (int i = 0; i < 20; i++) {
            cache.put("k" + i, "put");
            assertThat(cache.get("k" + i)).isEqualTo("put");
        }
        // Begun after any refresh behind those, and on the same threads.
        cache.refresh("last").join();
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());

        assertThat(loads).hasValue(1);
        assertThat(cache.peek("k0")).contains("put");
    }

    @Test
    void refreshAfterWrite_thatFails_keepsServingTheHit() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .refreshAfterWrite(SHORT)
                .loader(key -> {
                    loads.incrementAndGet();
                    throw new IOException("down");
                })
                .build();
        cache.put("k", "old");
        awaitAge(System.nanoTime(), SHORT.plusMillis(5));

        assertThat(cache.get("k")).isEqualTo("old");
        await().until(() -> loads.get() == 1);
        assertThat(cache.get("k")).isEqualTo("old");
        assertThat(cache.stats().hits()).isEqualTo(2);
    }

    @Test
    void refreshAfterWrite_fromInsideTheLoadOfTheKey_doesNotLoadAgain() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .refreshAfterWrite(Duration.ofMillis(1))
                .build();
        cache.put("k", "old");
        awaitAge(System.nanoTime(), SHORT);
        cache.invalidate("other");

        String value = cache.get("other", key -> {
            cache.put(key, "put");
            awaitAge(System.nanoTime(), SHORT);
            return "loaded beside "
                    + cache.get(key, again -> {
                        loads.incrementAndGet();
                        return "again";
                    });
        });

        assertThat(value).isEqualTo("loaded beside put");
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());
        assertThat(loads).hasValue(0);
    }
}
