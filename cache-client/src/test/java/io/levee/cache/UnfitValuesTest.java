package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values that a node cannot hold, and bytes in it that are no value of the cache. */
class UnfitValuesTest {
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

    private ReadThroughCache.Builder<String, String> counting(CacheClient client) {
        return Fleet.strings(client, name)
                .loader(key -> key + " " + loads.incrementAndGet())
                .expireAfterWrite(LONG);
    }

    private static void awaitWrites(ReadThroughCache<?, ?> cache, long writes) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> cache.stats().writes() >= writes);
    }

    @Test
    void itemOverTheLimit_isServedAndKeptHereWithoutLoadingAgain() {
        try (MemcachedNode small = MemcachedNode.builder().maxItemBytes(4096).start();
                CacheClient client = Fleet.client(small).build()) {
            MemcachedLine line = new MemcachedLine(small);
            ReadThroughCache<String, byte[]> cache = client.cache(name, String.class, byte[].class)
                    .loader(key -> {
                        loads.incrementAndGet();
                        return noise(20_000);
                    })
                    .expireAfterWrite(LONG)
                    .build();

            byte[] first = cache.get("k");
            await().until(() -> cache.stats().writeFailures() > 0);
            for (int i = 0; i < 5; i++) {
                assertThat(cache.get("k")).isEqualTo(first);
            }

            assertThat(loads).hasValue(1);
            assertThat(cache.stats().fallbackHits()).isEqualTo(5);
            await("no lease that nobody will fill").until(() -> !line.has(name + ":k"));
        }
    }

    @Test
    void put_ofAnItemOverTheLimit_isKeptHereAndTheOldOneIsGone() {
        try (MemcachedNode small = MemcachedNode.builder().maxItemBytes(4096).start();
                CacheClient client = Fleet.client(small).build()) {
            ReadThroughCache<String, byte[]> cache = client.cache(name, String.class, byte[].class)
                    .expireAfterWrite(LONG)
                    .build();
            byte[] large = noise(20_000);
            cache.put("k", new byte[] {1});

            cache.put("k", large);

            assertThat(new MemcachedLine(small).has(name + ":k")).isFalse();
            assertThat(cache.get("k", key -> new byte[] {2})).isEqualTo(large);
        }
    }

    @Test
    void refresh_toAnItemOverTheLimit_replacesTheSmallOne() {
        try (MemcachedNode small = MemcachedNode.builder().maxItemBytes(4096).start();
                CacheClient client = Fleet.client(small).build()) {
            byte[] large = noise(20_000);
            ReadThroughCache<String, byte[]> cache = client.cache(name, String.class, byte[].class)
                    .loader(key -> large)
                    .expireAfterWrite(LONG)
                    .build();
            cache.put("k", new byte[] {1});

            cache.refresh("k").join();

            await().until(() -> !new MemcachedLine(small).has(name + ":k"));
            assertThat(cache.get("k")).isEqualTo(large);
            assertThat(cache.stats().loads()).isEqualTo(1);
        }
    }

    /** Not to be compressed. */
    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    @Test
    void foreignValueUnderTheKey_isAMissAndIsReplaced() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        fleet.line.store(name + ":k", 0, "somebody else's");

        assertThat(here.peek("k")).isEmpty();
        assertThat(here.get("k")).isEqualTo("k 1");
        awaitWrites(here, 1);
        assertThat(there.get("k")).isEqualTo("k 1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void emptyForeignValue_isAMissAndIsReplaced() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        fleet.line.store(name + ":k", 0, "");

        assertThat(here.get("k")).isEqualTo("k 1");
        awaitWrites(here, 1);
        assertThat(here.get("k")).isEqualTo("k 1");
    }

    @Test
    void undecodableBytes_areAMissReportedAndReplaced() {
        AtomicInteger reported = new AtomicInteger();
        try (CacheClient client = Fleet.client(fleet.node)
                .listener(new CacheListener() {
                    @Override
                    public void undecodable(String cache, String key, String reason) {
                        reported.incrementAndGet();
                    }
                })
                .build()) {
            ReadThroughCache<String, Long> numbers = client.cache(name, String.class, Long.class)
                    .loader(key -> 7L)
                    .expireAfterWrite(LONG)
                    .build();
            Fleet.strings(fleet.there, name).expireAfterWrite(LONG).build().put("k", "not a number");

            assertThat(numbers.get("k")).isEqualTo(7);
            awaitWrites(numbers, 1);
            assertThat(numbers.lookup("k").source()).isEqualTo(Source.MEMCACHED);
            assertThat(reported).hasValue(1);
        }
    }
}
