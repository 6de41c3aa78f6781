package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loaders that read many caches and other keys of their own, with a bound of one load for each cache: everyone is answered, and the
 * database sees no more loads at once than that.
 */
class LoadersThatReadCachesTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int PAGES = 12;

    private Fleet fleet;
    private final Map<String, AtomicInteger> queries = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> most = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** How a loader, and whoever calls it, reads. */
    private enum Reading {
        GET {
            @Override
            String read(ReadThroughCache<String, String> cache, List<String> keys) {
                return keys.stream().map(cache::get).toList().toString();
            }
        },
        ASYNC {
            @Override
            String read(ReadThroughCache<String, String> cache, List<String> keys) {
                var calls = keys.stream().map(cache::getAsync).toList();
                return calls.stream().map(call -> call.join()).toList().toString();
            }
        },
        ALL {
            @Override
            String read(ReadThroughCache<String, String> cache, List<String> keys) {
                return List.copyOf(cache.getAll(keys).values()).toString();
            }
        };

        abstract String read(ReadThroughCache<String, String> cache, List<String> keys);
    }

    private String query(String table, String key) {
        queries.computeIfAbsent(table + ":" + key, k -> new AtomicInteger()).incrementAndGet();
        AtomicInteger running = atOnce.computeIfAbsent(table, t -> new AtomicInteger());
        most.computeIfAbsent(table, t -> new AtomicInteger()).accumulateAndGet(running.incrementAndGet(), Math::max);
        LockSupport.parkNanos(100_000);
        running.decrementAndGet();
        return key;
    }

    private ReadThroughCache.Builder<String, String> one(boolean timeouts) {
        ReadThroughCache.Builder<String, String> cache =
                Fleet.strings(fleet.here, Fleet.name()).expireAfterWrite(LONG).maxConcurrentLoads(1);
        return timeouts ? cache.loadTimeout(Fleet.PATIENT, Fleet.PATIENT) : cache;
    }

    /** Reports are made of users, and users of tags, all in batches. */
    private ReadThroughCache<String, String> batches(boolean timeouts) {
        ReadThroughCache<String, String> tags = one(timeouts)
                .bulkLoader(keys -> each(keys, key -> query("tags", key)))
                .build();
        ReadThroughCache<String, String> users = one(timeouts)
                .bulkLoader(keys -> each(keys, key -> query("users", key) + tags.getAll(List.of("t" + key, "t"))))
                .build();
        return one(timeouts)
                .bulkLoader(keys -> each(
                        keys,
                        key -> query("reports", key)
                                + users.getAll(List.of("u" + key, "u"))
                                + tags.getAll(List.of("t" + key, "t"))))
                .build();
    }

    private static Map<String, String> each(Collection<? extends String> keys, UnaryOperator<String> value) {
        Map<String, String> values = new HashMap<>();
        keys.forEach(key -> values.put(key, value.apply(key)));
        return values;
    }

    /** Pages are made of the pages after them, of users and of tags; a user of tags. */
    private ReadThroughCache<String, String> site(Reading reading, boolean timeouts) {
        ReadThroughCache<String, String> tags =
                one(timeouts).loader(key -> query("tags", key)).build();
        ReadThroughCache<String, String> users = one(timeouts)
                .loader(key -> query("users", key) + reading.read(tags, List.of("t" + key, "t")))
                .build();
        AtomicReference<ReadThroughCache<String, String>> pages = new AtomicReference<>();
        CacheLoader<String, String> page = key -> {
            int number = Integer.parseInt(key);
            List<String> next = IntStream.rangeClosed(number + 1, Math.min(number + 3, PAGES))
                    .mapToObj(Integer::toString)
                    .toList();
            String made = query("pages", key)
                    + reading.read(users, List.of("u" + key, "u"))
                    + reading.read(tags, List.of("t" + key, "t"));
            return next.isEmpty()
                    ? made
                    : made + reading.read(pages.get(), next).hashCode();
        };
        pages.set(one(timeouts).loader(page).build());
        return pages.get();
    }

    private void assertAllAreAnswered(ReadThroughCache<String, String> pages, Reading reading) throws Exception {
        AtomicInteger turns = new AtomicInteger();
        List<Caller<String>> callers = Caller.start(24, () -> {
            int first = turns.getAndIncrement() % PAGES;
            return reading.read(pages, List.of(Integer.toString(first), Integer.toString((first + 5) % PAGES)));
        });
        for (Caller<String> caller : callers) {
            assertThat(caller.result()).startsWith("[");
        }

        assertThat(queries.values())
                .as("each key is loaded once")
                .allSatisfy(count -> assertThat(count).hasValue(1));
        assertThat(most.values())
                .as("under the bound")
                .allSatisfy(count -> assertThat(count.get()).isLessThanOrEqualTo(1));
        assertThat(pages.stats().loadsRejected() + pages.stats().loadFailures()).isZero();
        await().untilAsserted(() -> assertThat(Flights.of(pages)).isZero());
    }

    @ParameterizedTest
    @EnumSource(Reading.class)
    void boundOfOne_manyCallers_allAreAnswered(Reading reading) throws Exception {
        assertAllAreAnswered(site(reading, false), reading);
    }

    @ParameterizedTest
    @EnumSource(Reading.class)
    void boundOfOneUnderLoadTimeout_manyCallers_allAreAnswered(Reading reading) throws Exception {
        assertAllAreAnswered(site(reading, true), reading);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void boundOfOneWithBulkLoaders_manyCallers_allAreAnswered(boolean timeouts) throws Exception {
        assertAllAreAnswered(batches(timeouts), Reading.ALL);
    }

    /** A loader waits for a key whose load, another caller's, waits in line for the permit that the loader holds. */
    @ParameterizedTest
    @EnumSource(Reading.class)
    void loaderThatJoinsALoadInLine_lendsItItsPermit(Reading reading) throws Exception {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch inLine = new CountDownLatch(1);
        self.set(one(false)
                .loader(key -> {
                    if (!key.equals("outer")) {
                        return query("pages", key);
                    }
                    loading.countDown();
                    Caller.awaitLatch(inLine);
                    return "outer of " + reading.read(self.get(), List.of("inner"));
                })
                .build());
        ReadThroughCache<String, String> cache = self.get();
        Caller<String> outer = Caller.start(() -> cache.get("outer"));
        Caller.awaitLatch(loading);
        Caller<String> waiting = Caller.start(() -> cache.get("inner"));
        await().until(() -> Flights.of(cache) == 2);
        waiting.awaitParked();

        inLine.countDown();

        assertThat(outer.result()).isEqualTo("outer of [inner]");
        assertThat(waiting.result()).isEqualTo("inner");
        assertThat(queries.get("pages:inner")).hasValue(1);
        assertThat(cache.get("another")).as("the bound is given back").isEqualTo("another");
    }
}
