package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a loader may do, and what comes of it. */
class LoaderContractTest {
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

    private ReadThroughCache.Builder<String, String> cache() {
        return Fleet.strings(fleet.here, name).expireAfterWrite(LONG);
    }

    private static void assertNothingInTheAir(ReadThroughCache<?, ?> cache) {
        await().untilAsserted(() -> assertThat(Flights.of(cache)).isZero());
    }

    @Test
    void loader_throwsAChecked_reachesTheCallerAsTheCause() {
        IOException cause = new IOException("no route");
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    throw cause;
                })
                .build();

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("key k")
                .hasCause(cause);
        assertNothingInTheAir(cache);
        await("the lease is given up").until(() -> !fleet.line.has(name + ":k"));
    }

    @Test
    void loader_throwsAnError_reachesTheCallerAsTheCause() {
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    throw new StackOverflowError();
                })
                .build();

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> cache.getAsync("other").join())
                .hasCauseInstanceOf(LoadException.class)
                .hasRootCauseInstanceOf(StackOverflowError.class);
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_throws_isNotAskedAgainForTheKeyForAWhile() {
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    throw new IOException("attempt " + loads.incrementAndGet());
                })
                .build();

        Throwable first = catchThrowable(() -> cache.get("k"));
        int asked = 1;
        for (long end = System.nanoTime() + 100_000_000; System.nanoTime() < end; asked++) {
            Throwable next = catchThrowable(() -> cache.get("k"));
            assertThat(next).isInstanceOf(LoadException.class).isNotSameAs(first);
            assertThat(next.getCause()).isInstanceOf(IOException.class);
        }

        // A busy machine may stretch the loop over the second for which a failure is remembered, but not over many.
        assertThat(loads.get()).isLessThanOrEqualTo(Math.max(2, asked / 2));
        assertThat(cache.stats().loadFailures()).isEqualTo(loads.get());
        int before = loads.get();
        await("and then it is").until(() -> {
            Throwable heldBack = catchThrowable(() -> cache.get("k"));
            assertThat(heldBack).isInstanceOf(LoadException.class);
            return loads.get() > before;
        });
    }

    @Test
    void loader_failedForAKey_isAskedAgainOnceTheKeyWasInvalidated() {
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    if (loads.incrementAndGet() == 1) {
                        throw new IOException();
                    }
                    return "found";
                })
                .build();
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(LoadException.class);

        cache.invalidate("k");

        assertThat(cache.get("k")).isEqualTo("found");
    }

    @Test
    void loader_failing_failsAllWhoWaitWithOneLoad() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    loads.incrementAndGet();
                    loading.countDown();
                    fail.await();
                    throw new IOException("down");
                })
                .build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);
        var followers = Caller.start(5, () -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 5);

        fail.countDown();

        assertThat(leader.failure()).isInstanceOf(LoadException.class).hasRootCauseMessage("down");
        for (Caller<String> follower : followers) {
            assertThat(follower.failure())
                    .isInstanceOf(LoadException.class)
                    .hasRootCauseMessage("down")
                    .isNotSameAs(leader.failure());
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void loader_withoutTimeouts_runsOnTheCallingThread() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    ran.set(Thread.currentThread());
                    return "v";
                })
                .build();

        cache.get("k");

        assertThat(ran.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void loader_withTimeoutsOrInTheBackground_runsOnALoaderThread() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        ReadThroughCache<String, String> timed = cache().loader(key -> {
                    ran.set(Thread.currentThread());
                    return "v";
                })
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .build();
        timed.get("k");
        assertThat(ran.get().getName()).matches("levee-.+-loader-\\d+");
        assertThat(ran.get().isDaemon()).isTrue();

        ReadThroughCache<String, String> untimed = Fleet.strings(fleet.here, Fleet.name())
                .expireAfterWrite(LONG)
                .loader(key -> {
                    ran.set(Thread.currentThread());
                    return "v";
                })
                .build();
        ran.set(null);
        untimed.getAsync("k").join();
        assertThat(ran.get().getName()).matches("levee-.+-loader-\\d+");
        ran.set(null);
        untimed.refresh("k").join();
        assertThat(ran.get().getName()).matches("levee-.+-loader-\\d+");
    }

    @Test
    void loader_readsAnotherKey_nestsUnderItsOwnPermit() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loader(key -> key.isEmpty() ? "." : key.charAt(0) + self.get().get(key.substring(1)))
                .build();
        self.set(cache);

        assertThat(cache.get("abcdef")).isEqualTo("abcdef.");
        assertThat(cache.stats().loads()).isEqualTo(7);
        assertThat(cache.stats().loadsRejected()).isZero();
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_readsAnotherKeyUnderTimeouts_nestsUnderItsOwnPermit() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loadTimeout(Fleet.PATIENT, Fleet.PATIENT)
                .loader(key -> key.isEmpty()
                        ? "."
                        : key.charAt(0) + self.get().getAsync(key.substring(1)).join())
                .build();
        self.set(cache);

        assertThat(cache.get("abc")).isEqualTo("abc.");
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_readsItsOwnKey_isToldSo() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache =
                cache().loader(key -> self.get().get(key)).build();
        self.set(cache);

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the loader of cache \"" + name + "\" asks for the key that it is loading: k");
        assertNothingInTheAir(cache);
        cache.invalidate("k");
        assertThat(cache.get("k", key -> "v")).isEqualTo("v");
    }

    @Test
    void loader_waitsForAnAsyncReadOrRefreshOfItsOwnKey_isToldSo() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().loader(key -> key.equals("async")
                        ? self.get().getAsync(key).join()
                        : self.get().refresh(key).join())
                .build();
        self.set(cache);

        assertThatThrownBy(() -> cache.get("async")).hasRootCauseInstanceOf(IllegalStateException.class);
        Caller<String> refreshing = Caller.start(() -> cache.get("refresh"));
        assertThat(refreshing.failure()).hasRootCauseInstanceOf(IllegalStateException.class);
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_peeksAtItsOwnKey_findsNothing() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache =
                cache().loader(key -> "peeked " + self.get().peek(key)).build();
        self.set(cache);

        assertThat(cache.get("k")).isEqualTo("peeked Optional.empty");
    }

    @Test
    void loader_putsItsOwnKey_thePutStays() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    self.get().put(key, "put");
                    return "loaded";
                })
                .build();
        self.set(cache);

        assertThat(cache.get("k")).isEqualTo("loaded");
        assertThat(cache.get("k")).isEqualTo("put");
    }

    @Test
    void twoKeys_thatNeedEachOther_areTold() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().loader(
                        key -> self.get().get(key.equals("a") ? "b" : "a"))
                .build();
        self.set(cache);

        assertThatThrownBy(() -> cache.get("a")).hasRootCauseInstanceOf(IllegalStateException.class);
        assertNothingInTheAir(cache);
    }

    @Test
    void twoKeys_thatNeedEachOtherOnTwoThreads_endWithATimeout() {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        CountDownLatch both = new CountDownLatch(2);
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .expireAfterWrite(LONG)
                .loadWait(Duration.ofMillis(50))
                .loader(key -> {
                    both.countDown();
                    Caller.awaitLatch(both);
                    return self.get().get(key.equals("a") ? "b" : "a");
                })
                .build();
        self.set(cache);

        Caller<String> a = Caller.start(() -> cache.get("a"));
        Caller<String> b = Caller.start(() -> cache.get("b"));

        assertThat(a.failure()).isInstanceOf(LoadException.class).hasRootCauseInstanceOf(LoadTimeoutException.class);
        assertThat(b.failure()).isInstanceOf(LoadException.class).hasRootCauseInstanceOf(LoadTimeoutException.class);
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_interrupted_failsItsCallerWhoKeepsTheFlag_andFollowersLoadThemselves() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    if (loads.incrementAndGet() == 1) {
                        loading.countDown();
                        new CountDownLatch(1).await();
                    }
                    return "loaded";
                })
                .build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);
        var followers = Caller.start(5, () -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 5);

        leader.interrupt();

        assertThat(leader.failure()).isInstanceOf(LoadException.class).hasCauseInstanceOf(InterruptedException.class);
        assertThat(leader.hasKeptItsFlag()).isTrue();
        for (Caller<String> follower : followers) {
            assertThat(follower.result()).isEqualTo("loaded");
        }
        assertThat(loads).hasValue(2);
        assertThat(cache.stats().misses()).isEqualTo(6);
        assertNothingInTheAir(cache);
    }

    @Test
    void follower_interrupted_leavesAndTheOthersGetTheValue() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    loads.incrementAndGet();
                    loading.countDown();
                    finish.await();
                    return "loaded";
                })
                .build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);
        Caller<String> impatient = Caller.start(() -> cache.get("k"));
        Caller<String> patient = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 2);

        impatient.interrupt();

        assertThat(impatient.failure())
                .isExactlyInstanceOf(CacheException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(impatient.hasKeptItsFlag()).isTrue();
        finish.countDown();
        assertThat(leader.result()).isEqualTo("loaded");
        assertThat(patient.result()).isEqualTo("loaded");
        assertThat(loads).hasValue(1);
        assertNothingInTheAir(cache);
    }

    @Test
    void leader_interruptedWhileItWaitsForAPermit_leavesAndTheFlightGoesOn() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicReference<String> ranOn = new AtomicReference<>();
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loader(key -> {
                    loads.incrementAndGet();
                    if (key.equals("first")) {
                        loading.countDown();
                        finish.await();
                    } else {
                        ranOn.set(Thread.currentThread().getName());
                    }
                    return "loaded";
                })
                .build();
        Caller<String> first = Caller.start(() -> cache.get("first"));
        Caller.awaitLatch(loading);
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        await().until(() -> Flights.of(cache) == 2);
        Caller<String> follower = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().coalesced() == 1);

        leader.interrupt();
        assertThat(leader.failure()).isExactlyInstanceOf(CacheException.class);
        assertThat(leader.hasKeptItsFlag()).isTrue();
        assertThat(follower.isDone()).isFalse();

        finish.countDown();
        assertThat(first.result()).isEqualTo("loaded");
        assertThat(follower.result()).isEqualTo("loaded");
        assertThat(ranOn.get()).matches("levee-.+-loader-\\d+");
        assertThat(loads).hasValue(2);
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_thatLeavesItsThreadInterrupted_givesItsPermitToTheNextInLine() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .loader(key -> {
                    if (key.equals("first")) {
                        loading.countDown();
                        finish.await();
                        Thread.currentThread().interrupt();
                    }
                    return "loaded";
                })
                .build();
        Caller<String> first = Caller.start(() -> cache.get("first"));
        Caller.awaitLatch(loading);
        Caller<String> next = Caller.start(() -> cache.get("next"));
        await().until(() -> Flights.of(cache) == 2);
        next.awaitParked();

        finish.countDown();

        assertThat(first.result()).isEqualTo("loaded");
        assertThat(next.result()).isEqualTo("loaded");
    }

    @Test
    void interruptedCaller_ofAColdKey_isToldAndHarmsNobody() throws Exception {
        ReadThroughCache<String, String> cache =
                cache().loader(key -> "v" + loads.incrementAndGet()).build();

        Caller<String> interrupted = Caller.start(() -> {
            Thread.currentThread().interrupt();
            return cache.get("k");
        });

        assertThat(interrupted.failure()).isExactlyInstanceOf(CacheException.class);
        assertThat(interrupted.hasKeptItsFlag()).isTrue();
        assertThat(Caller.start(() -> cache.get("k")).result()).isEqualTo("v1");
        assertNothingInTheAir(cache);
    }

    @Test
    void loader_ofALongChain_runsOncePerCall() {
        ReadThroughCache<String, String> cache = cache().loader(key -> {
                    loads.incrementAndGet();
                    throw new IOException();
                })
                .build();

        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            assertThatThrownBy(() -> cache.get(key)).isInstanceOf(LoadException.class);
        }

        assertThat(loads).hasValue(20);
        assertThat(cache.stats().loadFailures()).isEqualTo(20);
        assertThat(cache.stats().misses()).isEqualTo(20);
    }

    @Test
    void refreshBehindALoad_takesAPermitOfItsOwn() throws Exception {
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1)
                .refreshAfterWrite(Duration.ofMillis(1))
                .loader(key -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    try {
                        if (key.equals("outer")) {
                            for (int i = 0; i < 50; i++) {
                                assertThat(self.get().get("inner")).isNotNull();
                            }
                        }
                        return "v";
                    } finally {
                        running.decrementAndGet();
                    }
                })
                .build();
        self.set(cache);
        cache.put("inner", "put");
        long put = System.nanoTime();
        await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> System.nanoTime() - put > 5_000_000);

        cache.get("outer");

        assertThat(most).hasValue(1);
    }
}
