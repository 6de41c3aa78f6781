package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
