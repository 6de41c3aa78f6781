package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Loaders that start other loads. */
class NestedLoadsTest {
    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void loaderThatDoesNotWait_nestedLoads_stayUnderTheBound() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        self.set(Fleet.strings(fleet.here, Fleet.name())
                .loader(key -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    if (key.equals("outer")) {
                        for (int i = 0; i < 20; i++) {
                            var unused = self.get().getAsync("inner-" + i);
                        }
                    }
                    begun.incrementAndGet();
                    running.decrementAndGet();
                    return key;
                })
                .expireAfterWrite(Duration.ofHours(1))
                .maxConcurrentLoads(2)
                .build());

        self.get().get("outer");

        Awaitility.await().until(() -> begun.get() == 21);
        assertThat(most.get())
                .as("the bound, and one that takes turns with the outer load's permit")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void loaderThatDoesNotWait_nestedLoadsByWayOfAnotherCache_stayUnderTheBound() throws Exception {
        CountDownLatch tooMany = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicReference<ReadThroughCache<String, String>> bounded = new AtomicReference<>();
        ReadThroughCache<String, String> other = Fleet.strings(fleet.here, Fleet.name())
                .loader(key -> bounded.get().get("inner of " + key))
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        List<CompletableFuture<String>> others = new CopyOnWriteArrayList<>();
        bounded.set(Fleet.strings(fleet.here, Fleet.name())
                .loader(key -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    for (int i = 0; i < 8 && key.equals("outer"); i++) {
                        others.add(other.getAsync("other-" + i));
                    }
                    if (running.get() > 2) {
                        tooMany.countDown();
                    }
                    // Long enough for the others to come in beside this one, if nothing holds them.
                    if (tooMany.await(20, TimeUnit.MILLISECONDS)) {
                        most.accumulateAndGet(running.get(), Math::max);
                    }
                    running.decrementAndGet();
                    return key;
                })
                .expireAfterWrite(Duration.ofHours(1))
                .maxConcurrentLoads(1)
                .build());

        bounded.get().get("outer");

        for (CompletableFuture<String> loaded : others) {
            assertThat(loaded.get(20, TimeUnit.SECONDS)).startsWith("inner of other-");
        }
        assertThat(most.get())
                .as("the bound, and one that takes turns with the outer load's permit")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void nestedLoads_thatTheirCallersNoLongerWaitFor_stayUnderTheBound() {
        AtomicInteger stuck = new AtomicInteger();
        CountDownLatch database = new CountDownLatch(1);
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        self.set(fleet.here
                .cache(Fleet.name(), String.class, String.class)
                .loader(key -> {
                    if (key.startsWith("outer")) {
                        return self.get().get("inner of " + key);
                    }
                    stuck.incrementAndGet();
                    database.await();
                    return key;
                })
                .expireAfterWrite(Duration.ofHours(1))
                .loadTimeout(Duration.ofMillis(50), Duration.ofMillis(50))
                .loadWait(Duration.ZERO)
                .maxConcurrentLoads(2)
                .build());

        for (int i = 0; i < 6; i++) {
            String key = "outer-" + i;
            assertThatThrownBy(() -> self.get().get(key)).isInstanceOf(CacheException.class);
            // The loader has been told too, and has ended.
            Awaitility.await()
                    .until(() -> self.get().stats().loadFailures()
                                    + self.get().stats().loadsRejected()
                            > 0);
        }

        assertThat(stuck.get()).isBetween(1, 2);
        database.countDown();
        Awaitility.await().until(() -> Flights.of(self.get()) == 0);
        assertThat(self.get().get("free")).isEqualTo("free");
    }

    @Test
    void loadThatOutlivesItsOuterLoad_asksForTheOuterKey_getsIt() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<ReadThroughCache<String, String>> self = new AtomicReference<>();
        AtomicReference<CompletableFuture<String>> inner = new AtomicReference<>();
        self.set(Fleet.strings(fleet.here, Fleet.name())
                .loader(key -> {
                    if (key.equals("inner")) {
                        ended.await();
                        self.get().invalidate("outer");
                        return "inner saw " + self.get().get("outer");
                    }
                    if (inner.get() == null) {
                        inner.set(self.get().getAsync("inner"));
                    }
                    return key;
                })
                .expireAfterWrite(Duration.ofHours(1))
                .build());

        self.get().get("outer");
        ended.countDown();

        assertThat(inner.get().get(20, TimeUnit.SECONDS)).isEqualTo("inner saw outer");
    }
}
