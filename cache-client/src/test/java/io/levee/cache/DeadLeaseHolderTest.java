package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.Lookup.Source;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A process wins a key's lease and is never heard of again. */
class DeadLeaseHolderTest {
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
    void holderDead_getAfterTheWait_loadsOnceAndTakesTheLeaseOver() {
        String name = Fleet.name();
        AtomicInteger loads = new AtomicInteger();
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .loader(key -> "v" + loads.incrementAndGet())
                .expireAfterWrite(Duration.ofHours(1))
                .loadWait(Duration.ofMillis(50))
                .build();
        assertThat(fleet.line.say("mg " + name + ":k v N600")).startsWith("VA 0 W");

        assertThat(cache.get("k")).isEqualTo("v1");

        Awaitility.await().until(() -> fleet.line.hasValue(name + ":k"));
        assertThat(cache.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().leaseWaits()).isEqualTo(1);
    }

    @Test
    void holderDead_invalidatedWhileItIsLoaded_isNotStored() {
        String name = Fleet.name();
        ReadThroughCache<String, String> there = fleet.there
                .cache(name, String.class, String.class)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        ReadThroughCache<String, String> cache = fleet.here
                .cache(name, String.class, String.class)
                .loader(key -> {
                    there.invalidate(key);
                    return "loaded before the invalidation";
                })
                .expireAfterWrite(Duration.ofHours(1))
                .loadWait(Duration.ofMillis(50))
                .build();
        fleet.line.say("mg " + name + ":k v N600");

        cache.get("k");

        // The fill was sent before this question, on another connection: ask over the same one, which keeps the order.
        cache.peek("other");
        assertThat(fleet.line.has(name + ":k")).isFalse();
    }
}
