package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Looking without loading, and loading with a loader of the call's own without blocking. */
class PeekLookupTest {
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

    private ReadThroughCache.Builder<String, String> counting() {
        return Fleet.strings(fleet.here, name).loader(key -> key + " " + loads.incrementAndGet());
    }

    @Test
    void peekLookup_nothingThere_isEmptyAndLoadsNothing() throws Exception {
        ReadThroughCache<String, String> cache =
                counting().expireAfterWrite(LONG).build();

        assertThat(cache.peekLookup("k")).isEmpty();
        assertThat(cache.peekLookupAsync("k").get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(loads).hasValue(0);
    }

    @Test
    void peekLookup_freshValue_saysThatMemcachedHadIt() throws Exception {
        ReadThroughCache<String, String> cache =
                counting().expireAfterWrite(LONG).build();
        cache.put("k", "v");

        Lookup<String> found = cache.peekLookup("k").orElseThrow();
        Lookup<String> later =
                cache.peekLookupAsync("k").get(10, TimeUnit.SECONDS).orElseThrow();

        assertThat(found.value()).isEqualTo("v");
        assertThat(found.source()).isEqualTo(Source.MEMCACHED);
        assertThat(later.value()).isEqualTo("v");
        assertThat(later.source()).isEqualTo(Source.MEMCACHED);
    }

    @Test
    void peekLookup_valueWithinNearCache_saysNear() throws Exception {
        ReadThroughCache<String, String> cache =
                counting().expireAfterWrite(LONG).nearCache(LONG).build();
        cache.put("k", "v");

        assertThat(cache.peekLookup("k").orElseThrow().source()).isEqualTo(Source.NEAR);
        assertThat(cache.peekLookupAsync("k")
                        .get(10, TimeUnit.SECONDS)
                        .orElseThrow()
                        .source())
                .isEqualTo(Source.NEAR);
    }

    @Test
    void peekLookup_valuePastItsFreshness_saysStale() {
        ReadThroughCache<String, String> cache =
                counting().expireAfterWrite(Duration.ofMillis(20)).build();
        cache.put("k", "v");

        await().pollInterval(2, TimeUnit.MILLISECONDS)
                .until(() -> cache.peekLookup("k").orElseThrow().source() == Source.STALE);

        assertThat(loads).hasValue(0);
    }

    @Test
    void peekLookup_rememberedAbsence_saysAbsent() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .loader(key -> null)
                .expireAfterWrite(LONG)
                .cacheAbsent(LONG)
                .build();
        cache.get("k");

        await().until(() -> cache.peekLookup("k").isPresent());

        assertThat(cache.peekLookup("k").orElseThrow().source()).isEqualTo(Source.ABSENT);
        assertThat(cache.peekLookup("k").orElseThrow().value()).isNull();
        assertThat(cache.peek("k")).isEqualTo(Optional.empty());
    }

    @Test
    void getAsync_loaderOfTheCall_loadsOnALoaderThreadAndStores() throws Exception {
        ReadThroughCache<String, String> cache =
                counting().expireAfterWrite(LONG).build();
        AtomicReference<Thread> ranOn = new AtomicReference<>();

        String loaded = cache.getAsync("k", key -> {
                    ranOn.set(Thread.currentThread());
                    return "by the call";
                })
                .get(10, TimeUnit.SECONDS);

        assertThat(loaded).isEqualTo("by the call");
        assertThat(ranOn.get().getName()).contains("-loader-");
        assertThat(cache.get("k")).isEqualTo("by the call");
        assertThat(loads).hasValue(0);
    }
}
