package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Callers that are interrupted while they wait or load: they are told and keep their flag, and nobody else is harmed. Waiting for a
 * permit, for another's load and for the node, with one key, is in {@link LoaderContractTest}.
 */
class InterruptedCallersTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        finish.countDown();
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> cache() {
        return Fleet.strings(fleet.here, name).expireAfterWrite(LONG);
    }

    /** The first load does not return before the test says so. */
    private String hangOnce(String key) throws InterruptedException {
        if (loads.incrementAndGet() == 1) {
            loading.countDown();
            finish.await();
        }
        return "value of " + key;
    }

    private Map<String, String> hangOnceForAll(Iterable<? extends String> keys) throws InterruptedException {
        Map<String, String> values = new HashMap<>();
        hangOnce("all");
        keys.forEach(key -> values.put(key, "value of " + key));
        return values;
    }

    private static void assertToldWithFlag(Caller<?> caller) {
        assertThat(caller.failure())
                .isExactlyInstanceOf(CacheException.class)
                .hasMessageContaining("interrupted")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(caller.hasKeptItsFlag()).isTrue();
    }

    private static void assertNothingInTheAir(ReadThroughCache<?, ?> cache) {
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());
    }

    @Test
    void waitingForTheLeaseOfAnotherProcess_isToldAndOthersGetTheValue() throws Exception {
        ReadThroughCache<String, String> cache = cache().loader(this::hangOnce).build();
        ReadThroughCache<String, String> there =
                Fleet.strings(fleet.there, name).expireAfterWrite(LONG).build();
        assertThat(fleet.line.say("mg " + name + ":k v N60")).startsWith("VA 0 W");
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().leaseWaits() == 1);
        Caller<String> follower = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 1);

        leader.interrupt();

        assertToldWithFlag(leader);
        there.put("k", "theirs");
        assertThat(follower.result()).isEqualTo("theirs");
        assertThat(loads).hasValue(0);
        assertNothingInTheAir(cache);
    }

    @Test
    void underLoadTimeout_isToldAndTheLoadGoesOnForOthers() throws Exception {
        ReadThroughCache<String, String> cache = cache().loader(this::hangOnce)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .maxConcurrentLoads(1)
                .build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);
        Caller<String> follower = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 1);

        leader.interrupt();

        assertToldWithFlag(leader);
        assertThat(follower.isDone()).isFalse();
        finish.countDown();
        assertThat(follower.result()).isEqualTo("value of k");
        assertThat(cache.get("k")).isEqualTo("value of k");
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().loadFailures()).isZero();
        assertThat(cache.get("other")).as("the permit is given back").isEqualTo("value of other");
    }

    @Test
    void inItsOwnLoader_isToldAndTheKeyIsNotHeldBack() throws Exception {
        ReadThroughCache<String, String> cache =
                cache().loader(this::hangOnce).maxConcurrentLoads(1).build();
        Caller<String> caller = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);

        caller.interrupt();

        assertThat(caller.failure()).isInstanceOf(LoadException.class).hasCauseInstanceOf(InterruptedException.class);
        assertThat(caller.hasKeptItsFlag()).isTrue();
        assertThat(Caller.start(() -> cache.get("k")).result()).isEqualTo("value of k");
        assertThat(loads).hasValue(2);
    }

    @Test
    void inALoaderThatGoesOn_getsTheValueAndKeepsTheFlag() {
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    Thread.currentThread().interrupt();
                    return "loaded";
                })
                .build();

        String value = cache.get("k");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(value).isEqualTo("loaded");
        assertThat(cache.get("k")).isEqualTo("loaded");
    }

    @Test
    void inALoadInsideALoad_isToldAndNeitherKeyIsHeldBack() throws Exception {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loader(key -> key.equals("outer") ? self.get().get("inner") : hangOnce(key))
                .build();
        self.set(cache);
        Caller<String> caller = Caller.start(() -> cache.get("outer"));
        Caller.awaitLatch(loading);

        caller.interrupt();

        assertThat(caller.failure())
                .isInstanceOf(LoadException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(caller.hasKeptItsFlag()).isTrue();
        assertThat(Caller.start(() -> cache.get("outer")).result()).isEqualTo("value of inner");
    }

    @Test
    void getAllInItsBulkLoader_isToldAndOthersLoadThemselves() throws Exception {
        ReadThroughCache<String, String> cache =
                cache().bulkLoader(this::hangOnceForAll).maxConcurrentLoads(1).build();
        Caller<Map<String, String>> caller = Caller.start(() -> cache.getAll(List.of("a", "b")));
        Caller.awaitLatch(loading);
        Caller<Map<String, String>> other = Caller.start(() -> cache.getAll(List.of("b", "a")));
        await().until(() -> cache.stats().coalesced() == 2);

        caller.interrupt();

        assertThat(caller.failure())
                .isInstanceOfSatisfying(
                        BulkLoadException.class,
                        failure -> assertThat(failure.failures().keySet()).containsExactly("a", "b"));
        assertThat(caller.hasKeptItsFlag()).isTrue();
        assertThat(other.result()).isEqualTo(Map.of("a", "value of a", "b", "value of b"));
        assertNothingInTheAir(cache);
    }

    @Test
    void getAllUnderLoadTimeout_isToldAndTheBulkLoadGoesOn() throws Exception {
        ReadThroughCache<String, String> cache = cache().bulkLoader(this::hangOnceForAll)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .build();
        Caller<Map<String, String>> caller = Caller.start(() -> cache.getAll(List.of("a", "b")));
        Caller.awaitLatch(loading);
        Caller<String> other = Caller.start(() -> cache.get("b"));
        await().until(() -> cache.stats().coalesced() == 1);

        caller.interrupt();

        assertToldWithFlag(caller);
        finish.countDown();
        assertThat(other.result()).isEqualTo("value of b");
        assertThat(loads).hasValue(1);
        assertNothingInTheAir(cache);
    }

    @Test
    void getAllOfSingleLoads_isToldAndBeginsNoMore() throws Exception {
        ReadThroughCache<String, String> cache =
                cache().loader(this::hangOnce).maxConcurrentLoads(1).build();
        assertBeginsNoMore(cache);
    }

    @Test
    void getAllOfSingleLoadsUnderLoadTimeout_isToldAndBeginsNoMore() throws Exception {
        ReadThroughCache<String, String> cache = cache().loader(this::hangOnce)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .maxConcurrentLoads(1)
                .build();
        assertBeginsNoMore(cache);
    }

    private void assertBeginsNoMore(ReadThroughCache<String, String> cache) throws Exception {
        List<String> keys = IntStream.range(0, 200).mapToObj(i -> "k" + i).toList();
        Caller<Map<String, String>> caller = Caller.start(() -> cache.getAll(keys));
        Caller.awaitLatch(loading);

        caller.interrupt();

        assertToldWithFlag(caller);
        finish.countDown();
        // Each of these takes the way that a left-over load would take meanwhile.
        for (int i = 0; i < 50; i++) {
            cache.get("other-" + i);
        }
        assertNothingInTheAir(cache);
        assertThat(loads).hasValue(1 + 50);
    }

    @Test
    void getAllPutAndInvalidate_waitingForTheNode_areTold() throws Exception {
        ReadThroughCache<String, String> cache = cache().loader(this::hangOnce).build();
        fleet.node.hang();
        List<Caller<Object>> callers;
        try {
            callers = List.of(
                    Caller.start(() -> cache.getAll(List.of("a", "b"))),
                    Caller.start(() -> {
                        cache.put("k", "put");
                        return null;
                    }),
                    Caller.start(() -> {
                        cache.invalidateAll(List.of("k", "l"));
                        return null;
                    }),
                    Caller.start(() -> cache.peek("k")));
            callers.forEach(Caller::awaitParked);

            callers.forEach(Caller::interrupt);

            callers.forEach(InterruptedCallersTest::assertToldWithFlag);
        } finally {
            fleet.node.resume();
        }
        finish.countDown();
        assertThat(cache.get("a")).isEqualTo("value of a");
        assertNothingInTheAir(cache);
    }

    @Test
    void closeOfTheClient_interruptsLoadersOnItsThreads() {
        CountDownLatch interrupted = new CountDownLatch(2);
        CacheLoader<String, String> hang = key -> {
            loads.incrementAndGet();
            try {
                finish.await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        };
        ReadThroughCache<String, String> cache =
                cache().loader(hang).loadTimeout(Fleet.PATIENT, Fleet.PATIENT).build();
        Caller<String> one = Caller.start(() -> cache.get("k"));
        Caller<Map<String, String>> all = Caller.start(() -> cache.getAll(List.of("a")));
        await().until(() -> loads.get() == 2);

        fleet.here.close();

        Caller.awaitLatch(interrupted);
        assertThat(one.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(all.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(one.hasKeptItsFlag()).as("it was not the caller's").isFalse();
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheClosedException.class);
    }
}
