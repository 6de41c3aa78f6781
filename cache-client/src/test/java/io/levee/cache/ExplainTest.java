package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an engineer on call is told of a key, on a real node. */
class ExplainTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> strings(CacheClient client) {
        return Fleet.strings(client, name).expireAfterWrite(HOUR).expiryJitter(0);
    }

    private String load(String key) {
        loads.incrementAndGet();
        return "secret";
    }

    @Test
    void unknownKey_isNowhereAndExplainingItLoadsAndLeasesNothing() {
        ReadThroughCache<String, String> cache =
                strings(fleet.here).loader(this::load).build();

        String said = cache.explain("a b");

        assertThat(said.lines())
                .hasSize(6)
                .satisfies(line -> assertThat(line).isEqualTo("key a b of cache " + name), Index.atIndex(0));
        assertThat(said)
                .contains("in memcached     " + name + ":a%20b")
                .containsPattern("node +UP +" + fleet.node.address() + " for ")
                .containsPattern("the node has +nothing")
                .containsPattern("this process has +nothing")
                .containsPattern("lease +held by nobody");
        assertThat(loads).hasValue(0);
        assertThat(fleet.line.has(name + ":a%20b")).isFalse();
        assertThat(cache.stats().misses() + cache.stats().hits()).isZero();
    }

    @Test
    void loadedKey_isDescribedInBothTiersWithoutItsValue() {
        ReadThroughCache<String, String> cache =
                strings(fleet.here).loader(this::load).build();
        cache.get("k");
        await().until(() -> fleet.line.hasValue(name + ":k"));

        String said = cache.explain("k");

        assertThat(said)
                .containsPattern("the node has +a value of \\d+ bytes, written [0-9.]+ s ago.*, fresh for 60 min")
                .containsPattern(
                        "this process has +a value, written [0-9.]+ s ago, fresh for 60 min; the same as the node's")
                .doesNotContain("secret");
    }

    @Test
    void keyThatIsBeingLoaded_saysWho() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ReadThroughCache<String, String> cache = strings(fleet.here)
                .loader(key -> {
                    begun.countDown();
                    mayEnd.await();
                    return load(key);
                })
                .build();
        ReadThroughCache<String, String> other = strings(fleet.there).build();
        CompletableFuture<String> loading = cache.getAsync("k");
        Caller.awaitLatch(begun);

        assertThat(cache.explain("k")).containsPattern("lease +this process is loading the key");
        assertThat(other.explain("k"))
                .containsPattern("the node has +no value, but a lease that a process holds to load it")
                .containsPattern("lease +held by another process");
        mayEnd.countDown();
        assertThat(loading.join()).isEqualTo("secret");
    }

    @Test
    void keyWhoseLoadFailed_saysWhyAndHowLongItIsStale() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(Duration.ofMillis(1))
                .loader(key -> {
                    throw new IOException("the database is down");
                })
                .build();
        cache.put("k", "old");
        await().until(() -> cache.explain("k").contains("stale for "));
        assertThat(cache.get("k")).isEqualTo("old");

        await().until(() -> cache.explain("k").contains("last load "));
        assertThat(cache.explain("k")).contains("java.io.IOException: the database is down");
    }

    @Test
    void foreignBytes_areCalledThat() {
        ReadThroughCache<String, String> cache = strings(fleet.here).build();
        fleet.line.store(name + ":k", 0, "secret");

        assertThat(cache.explain("k"))
                .containsPattern("the node has +6 bytes that are no value of this cache, a miss: ")
                .doesNotContain("secret");
    }

    @Test
    void clearedKey_isCalledRefused() {
        ReadThroughCache<String, String> cache = strings(fleet.here).build();
        cache.put("k", "v");
        cache.clear();

        assertThat(cache.explain("k")).contains("refused, a miss: it is from before the cache was cleared");
    }

    @Test
    void deadNode_saysSinceWhenAndWhatStandsIn() {
        ReadThroughCache<String, String> cache =
                strings(fleet.here).loader(this::load).build();
        cache.put("k", "v");
        fleet.node.kill();
        await().until(() -> cache.lookup("k").source() == Lookup.Source.FALLBACK);
        // The node is out of use a moment before its state says so.
        await().until(() -> !cache.explain("k").contains(" UP "));

        assertThat(cache.explain("k"))
                .containsPattern("node +(DOWN|PROBING) +" + fleet.node.address() + " for ")
                .containsPattern("the node has +not answered: ")
                .containsPattern("this process has +a value, written ")
                .containsPattern("lease +not known");
    }

    @Test
    void keyThatIsKeptWarm_saysWhenItIsNext() {
        ReadThroughCache<String, String> cache = strings(fleet.here)
                .loader(this::load)
                .periodicWriteThrough(Duration.ofMinutes(30), List.of("k"))
                .build();
        await().until(() -> loads.get() == 1);

        await().until(() -> cache.explain("k").contains("kept warm        once in 30 min, next look in "));
        assertThat(cache.explain("other")).doesNotContain("kept warm");
    }

    @Test
    void closedClientAndNullKey_areRefused() {
        ReadThroughCache<String, String> cache = strings(fleet.here).build();
        assertThatThrownBy(() -> cache.explain(null)).isInstanceOf(NullPointerException.class);
        fleet.here.close();
        assertThatThrownBy(() -> cache.explain("k")).isInstanceOf(CacheClosedException.class);
    }
}
