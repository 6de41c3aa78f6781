package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two caches whose loaders read each other. It ends, in values or in errors that say why, and costs no permit. */
class CircularLoadsTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    private Fleet fleet;
    private final AtomicReference<ReadThroughCache<String, String>> a = new AtomicReference<>();
    private final AtomicReference<ReadThroughCache<String, String>> b = new AtomicReference<>();

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private ReadThroughCache<String, String> cache(int bound, boolean timeouts, CacheLoader<String, String> loader) {
        ReadThroughCache.Builder<String, String> cache = fleet.here
                .cache(Fleet.name(), String.class, String.class)
                .expireAfterWrite(Duration.ofHours(1))
                .maxConcurrentLoads(bound)
                .loadWait(SHORT)
                .loader(loader);
        return (timeouts ? cache.loadTimeout(Fleet.PATIENT, Fleet.PATIENT) : cache).build();
    }

    /** What the caller saw, or one of the loaders on its way. */
    private static void assertToldWhy(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof LoadException) {
            cause = cause.getCause();
        }
        assertThat(cause).isInstanceOfAny(LoadRejectedException.class, LoadTimeoutException.class);
    }

    /** As many loads at once as the bound allows, each waiting for the others. */
    private static void assertNoPermitIsLost(ReadThroughCache<String, String> cache, int bound) throws Exception {
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());
        CountDownLatch together = new CountDownLatch(bound);
        AtomicInteger keys = new AtomicInteger();
        for (Caller<String> caller : Caller.start(
                bound,
                () -> cache.get("free-" + keys.incrementAndGet(), key -> {
                    together.countDown();
                    Caller.awaitLatch(together);
                    return key;
                }))) {
            assertThat(caller.result()).startsWith("free-");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "2, false", "2, true"})
    void eachHoldsWhatTheOtherNeeds_endsWithinLoadWait(int bound, boolean timeouts) throws Exception {
        CountDownLatch allLoading = new CountDownLatch(2 * bound);
        a.set(cache(bound, timeouts, key -> {
            if (key.startsWith("outer")) {
                allLoading.countDown();
                Caller.awaitLatch(allLoading);
                return b.get().get("inner of " + key);
            }
            return key;
        }));
        b.set(cache(bound, timeouts, key -> {
            if (key.startsWith("outer")) {
                allLoading.countDown();
                Caller.awaitLatch(allLoading);
                return a.get().get("inner of " + key);
            }
            return key;
        }));
        List<Caller<String>> callers = new ArrayList<>();
        for (int i = 0; i < bound; i++) {
            String key = "outer-" + i;
            callers.add(Caller.start(() -> a.get().get(key)));
            callers.add(Caller.start(() -> b.get().get(key)));
        }

        int failed = 0;
        for (Caller<String> caller : callers) {
            Throwable failure = caller.failure();
            if (failure != null) {
                assertToldWhy(failure);
                failed++;
            }
        }

        assertThat(failed).as("who waited longest has made room for the others").isPositive();
        assertNoPermitIsLost(a.get(), bound);
        assertNoPermitIsLost(b.get(), bound);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyCallersOfLongChains_allEndAndNoPermitIsLost(boolean timeouts) throws Exception {
        int bound = 2;
        a.set(cache(bound, timeouts, key -> chain(b.get(), key)));
        b.set(cache(bound, timeouts, key -> chain(a.get(), key)));
        AtomicInteger turns = new AtomicInteger();
        List<Caller<String>> callers = Caller.start(16, () -> {
            int turn = turns.getAndIncrement();
            ReadThroughCache<String, String> first = turn % 2 == 0 ? a.get() : b.get();
            String key = Integer.toString(turn % 8);
            return turn % 3 == 0 ? first.getAll(List.of(key)).get(key) : first.get(key);
        });

        for (Caller<String> caller : callers) {
            Throwable failure = caller.failure();
            if (failure instanceof BulkLoadException all) {
                all.failures().values().forEach(CircularLoadsTest::assertToldWhy);
            } else if (failure != null) {
                assertToldWhy(failure);
            } else {
                assertThat(caller.result()).endsWith("0");
            }
        }
        assertNoPermitIsLost(a.get(), bound);
        assertNoPermitIsLost(b.get(), bound);
    }

    private static String chain(ReadThroughCache<String, String> other, String key) {
        int left = Integer.parseInt(key);
        return left == 0 ? key : key + " " + other.get(Integer.toString(left - 1));
    }
}
