package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a loader on a thread of the client finds in its thread-locals, with context-propagation on the class path. */
class ContextPropagationTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final ThreadLocal<Object> USER = new ThreadLocal<>();
    private static final AtomicInteger CAPTURED = new AtomicInteger();
    private static volatile boolean refuses;

    private static Fleet fleet;

    private final String name = Fleet.name();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
        ContextRegistry.getInstance().registerThreadLocalAccessor(new UserAccessor());
    }

    @AfterAll
    static void stop() {
        ContextRegistry.getInstance().removeThreadLocalAccessor("user");
        fleet.close();
    }

    @AfterEach
    void nobody() {
        USER.remove();
        refuses = false;
    }

    private static final class UserAccessor implements ThreadLocalAccessor<Object> {
        @Override
        public Object key() {
            return "user";
        }

        @Override
        public Object getValue() {
            CAPTURED.incrementAndGet();
            return USER.get();
        }

        @Override
        public void setValue(Object value) {
            if (refuses) {
                throw new IllegalArgumentException("no such user");
            }
            USER.set(value);
        }

        @Override
        public void setValue() {
            USER.remove();
        }
    }

    private static String seen(String key) {
        String thread = Thread.currentThread().getName().startsWith("levee-") ? "client" : "caller";
        return key + " for " + USER.get() + " on the " + thread + "'s thread";
    }

    private ReadThroughCache.Builder<String, String> cache() {
        return Fleet.strings(fleet.here, name).expireAfterWrite(LONG).loader(ContextPropagationTest::seen);
    }

    private ReadThroughCache.Builder<String, String> timed() {
        return cache().loadTimeout(Fleet.PATIENT, Fleet.PATIENT);
    }

    private static Map<String, String> each(List<String> keys, Function<String, String> value) {
        return keys.stream().collect(Collectors.toMap(key -> key, value));
    }

    @Test
    void asyncReadAndRefresh_theirLoadersSeeTheirCallersContext() {
        ReadThroughCache<String, String> cache = cache().build();

        USER.set("ann");
        CompletableFuture<String> ann = cache.getAsync("a");
        USER.set("bob");
        CompletableFuture<String> bob = cache.getAsync("b");
        USER.remove();
        CompletableFuture<String> nobody = cache.getAsync("n");

        assertThat(ann.join()).isEqualTo("a for ann on the client's thread");
        assertThat(bob.join()).isEqualTo("b for bob on the client's thread");
        assertThat(nobody.join()).isEqualTo("n for null on the client's thread");
        USER.set("cat");
        assertThat(cache.refresh("a").join()).isEqualTo("a for cat on the client's thread");
    }

    @Test
    void readsUnderLoadTimeout_theirLoadersSeeTheirCallersContext() {
        List<String> keys = List.of("k", "l", "m");
        Function<String, String> expected = key -> key + " for ann on the client's thread";
        ReadThroughCache<String, String> single = timed().build();
        ReadThroughCache<String, String> bulk = Fleet.strings(fleet.here, Fleet.name())
                .expireAfterWrite(LONG)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .bulkLoader(some -> each(List.copyOf(some), ContextPropagationTest::seen))
                .build();
        USER.set("ann");
        int before = CAPTURED.get();

        assertThat(single.get("g")).isEqualTo(expected.apply("g"));
        assertThat(single.getAll(keys)).isEqualTo(each(keys, expected));
        assertThat(bulk.getAll(keys)).isEqualTo(each(keys, expected));
        assertThat(USER.get()).isEqualTo("ann");
        assertThat(single.get("h", ContextPropagationTest::seen)).isEqualTo(expected.apply("h"));

        int loads = 1 + keys.size() + 1 + 1;
        int calls = 4;
        assertThat(CAPTURED.get() - before)
                .as("once for a call, and once for what the thread had before a load")
                .isLessThanOrEqualTo(calls + loads);
    }

    @Test
    void refreshBehindACaller_seesTheContextOfTheCall() throws Exception {
        CountDownLatch callerIsElsewhere = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .refreshAfterWrite(Duration.ofMillis(1))
                .loader(key -> {
                    callerIsElsewhere.await();
                    return seen(key);
                })
                .build();
        cache.put("k", "put");

        USER.set("ann");
        await("it is old enough").pollInSameThread().until(() -> {
            assertThat(cache.get("k")).isEqualTo("put");
            return Flights.of(cache) == 1;
        });
        USER.set("bob");
        callerIsElsewhere.countDown();

        await().until(() -> cache.peek("k").orElse("").equals("k for ann on the client's thread"));
    }

    @Test
    void loadThatOthersJoin_seesTheContextOfWhoBeganIt() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .loader(key -> {
                    loading.countDown();
                    finish.await();
                    return seen(key);
                })
                .build();
        USER.set("ann");
        CompletableFuture<String> first = cache.getAsync("k");
        Caller.awaitLatch(loading);
        USER.set("bob");
        CompletableFuture<String> second = cache.getAsync("k");
        await().until(() -> cache.stats().coalesced() == 1);

        finish.countDown();

        assertThat(first.join()).isEqualTo("k for ann on the client's thread");
        assertThat(second.join()).isEqualTo("k for ann on the client's thread");
    }

    @Test
    void callerInterruptedInLine_itsLoadGoesOnInItsContext() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(1)
                .loader(key -> {
                    if (key.equals("first")) {
                        loading.countDown();
                        finish.await();
                    }
                    return seen(key);
                })
                .build();
        Caller<String> first = Caller.start(() -> cache.get("first"));
        Caller.awaitLatch(loading);
        Caller<String> leader = Caller.start(() -> {
            USER.set("ann");
            return cache.get("k");
        });
        await().until(() -> Flights.of(cache) == 2);
        Caller<String> follower = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 1);

        leader.interrupt();
        assertThat(leader.failure()).isExactlyInstanceOf(CacheException.class);
        finish.countDown();

        assertThat(first.result()).isEqualTo("first for null on the caller's thread");
        assertThat(follower.result()).isEqualTo("k for ann on the client's thread");
    }

    /** It waits for room, and a caller who gives a permit back makes some. */
    @Test
    void loadOfThePeriodicWriteThrough_isInNobodysContext() {
        List<String> warm = IntStream.range(0, 50).mapToObj(i -> "warm-" + i).toList();
        // A set: the rounds go by the time of day, so another may begin meanwhile.
        Set<String> seen = ConcurrentHashMap.newKeySet();
        USER.set("ann");
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(1)
                .periodicWriteThrough(LONG.dividedBy(2), warm)
                .loader(key -> {
                    if (key.startsWith("warm")) {
                        seen.add(seen(key));
                    }
                    return key;
                })
                .build();

        for (int i = 0; seen.size() < warm.size(); i++) {
            cache.get("k" + i);
        }

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(warm.stream()
                        .map(key -> key + " for null on the client's thread")
                        .toList());
    }

    @Test
    void callsThatLoadOnTheirOwnThreadOrNotAtAll_captureNothing() {
        ReadThroughCache<String, String> cache = cache().build();
        ReadThroughCache<String, String> near = Fleet.strings(fleet.here, Fleet.name())
                .expireAfterWrite(LONG)
                .nearCache(LONG)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .loader(ContextPropagationTest::seen)
                .build();
        near.put("k", "near");
        USER.set("ann");
        int before = CAPTURED.get();

        assertThat(cache.get("k")).isEqualTo("k for ann on the caller's thread");
        assertThat(cache.get("k")).isEqualTo("k for ann on the caller's thread");
        assertThat(near.get("k")).isEqualTo("near");
        assertThat(near.getAsync("k").join()).isEqualTo("near");
        assertThat(near.getAll(List.of("k"))).isEqualTo(Map.of("k", "near"));
        near.put("k", "put");
        assertThat(near.peek("other")).isEmpty();

        assertThat(CAPTURED.get()).isEqualTo(before);
    }

    @Test
    void contextOfALoadThatIsOver_isHeldByNobody() {
        ReadThroughCache<String, String> cache = cache().build();
        ReadThroughCache<String, String> timed = Fleet.strings(fleet.here, Fleet.name())
                .expireAfterWrite(LONG)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .loader(ContextPropagationTest::seen)
                .build();
        WeakReference<Object> user = new WeakReference<>(new Object());
        USER.set(user.get());

        CompletableFuture<String> future = cache.getAsync("k");
        assertThat(future.join()).contains("Object@");
        assertThat(timed.get("k")).contains("Object@");
        USER.remove();

        await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> {
            System.gc();
            return user.get() == null;
        });
        assertThat(future).isDone();
    }

    @Test
    void contextThatCannotBeSet_failsTheLoadAndCostsNoPermit() {
        ReadThroughCache<String, String> cache = timed().maxConcurrentLoads(1).build();
        USER.set("ann");
        refuses = true;

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such user");

        refuses = false;
        assertThat(cache.get("other")).isEqualTo("other for ann on the client's thread");
    }
}
