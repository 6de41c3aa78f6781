package io.levee.cache.faults;

import static io.levee.cache.faults.ChangingDatabase.value;
import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key is invalidated or put while its node does not answer, and the node still has the old value when it does. */
class MissedInvalidationsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int KEY = 0;
    private static final int OTHER = 1;
    /** One more than the journal keeps. */
    private static final int TOO_MANY = 10_001;

    private final ChangingDatabase database = new ChangingDatabase();
    private final NodeEvents events = new NodeEvents();
    private Cluster cluster;
    private MemcachedNode node;

    @BeforeEach
    void start() {
        cluster = Cluster.of(1);
        node = cluster.node(0);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private CacheClient.Builder client() {
        return CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(Duration.ofMillis(200))
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .listener(events);
    }

    private ReadThroughCache<Integer, String> cache(CacheClient client) {
        return client.cache("pages", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(HOUR)
                .loadWait(Duration.ofSeconds(20))
                .build();
    }

    private void fillWithV1(ReadThroughCache<Integer, String> cache, int keys) {
        for (int key = 0; key < keys; key++) {
            assertThat(cache.get(key)).isEqualTo(value("v1", key));
        }
        // The same connection keeps the order: what is read back was written, and so was all before it.
        await().atMost(IN_THE_END).until(() -> cache.lookup(keys - 1).source() == Source.MEMCACHED);
        assertThat(database.loads()).isEqualTo(keys);
    }

    private static void check(String value, int key) {
        if (!value.equals(value("v2", key))) {
            throw new AssertionError("key " + key + " gave " + value);
        }
    }

    @Test
    void nodeHung_keyInvalidated_isNeverReadAgainInItsOldVersion() {
        // For v1, for v2 while the node is barred, and for v2 once it has lost v1.
        readThroughTheReturn(cache -> cache.invalidate(KEY), 3);
    }

    @Test
    void nodeHung_keyPut_isNeverReadAgainInItsOldVersion() {
        // The put stands in while the node is barred.
        readThroughTheReturn(cache -> cache.put(KEY, value("v2", KEY)), 2);
    }

    private void readThroughTheReturn(Consumer<ReadThroughCache<Integer, String>> write, int loads) {
        try (CacheClient client = client().build();
                CacheClient another = client().build()) {
            ReadThroughCache<Integer, String> cache = cache(client);
            ReadThroughCache<Integer, String> elsewhere = cache(another);
            fillWithV1(cache, 2);

            node.hang();
            giveUp(client, cache);
            database.changeTo("v2");
            write.accept(cache);

            AtomicInteger fromTheNode = new AtomicInteger();
            try (Callers callers = Callers.start(4, 1, 50_000, Long.MAX_VALUE, key -> {
                Lookup<String> found = cache.lookup(key);
                check(found.value(), key);
                if (found.source() == Source.MEMCACHED) {
                    fromTheNode.incrementAndGet();
                }
            })) {
                await().atMost(IN_THE_END).until(() -> callers.calls() > 1_000);
                assertThat(fromTheNode).hasValue(0);

                node.resume();

                awaitUp(client, node);
                await().atMost(IN_THE_END).until(() -> fromTheNode.get() > 1_000);
                assertThat(callers.failures()).isEmpty();
            }
            assertThat(database.loadsOf(KEY)).isEqualTo(loads);
            awaitUp(another, node);
            await().atMost(IN_THE_END).until(() -> elsewhere.lookup(KEY).source() == Source.MEMCACHED);
            check(elsewhere.get(KEY), KEY);
            assertThat(database.loadsOf(KEY)).isEqualTo(loads);
        }
    }

    /** From now on nothing is sent to the node, so that nothing waits in its socket either. */
    private void giveUp(CacheClient client, ReadThroughCache<Integer, String> cache) {
        await().atMost(IN_THE_END).until(() -> {
            cache.get(OTHER);
            return Cluster.isDown(client, node);
        });
    }

    @Test
    void oneOperationTimedOut_nodeStaysUp_onlyThatKeyIsBarredUntilTheNodeHasHeard() {
        try (CacheClient client = client().breaker(new BreakerPolicy(10_000, 100))
                .probeInterval(HOUR)
                .build()) {
            ReadThroughCache<Integer, String> cache = cache(client);
            fillWithV1(cache, 2);

            node.hang();
            database.changeTo("v2");
            cache.invalidate(KEY);
            // The node counts as up, and would be waited for.
            Lookup<String> barred = cache.lookup(KEY);
            Lookup<String> again = cache.lookup(KEY);
            node.resume();

            assertThat(barred.value()).isEqualTo(value("v2", KEY));
            assertThat(barred.source()).isEqualTo(Source.LOADED);
            assertThat(again.source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.lookup(OTHER).source()).isIn(Source.MEMCACHED, Source.FALLBACK);
            await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(1)).until(() -> {
                Lookup<String> found = cache.lookup(KEY);
                check(found.value(), KEY);
                return found.source() == Source.MEMCACHED;
            });
            assertThat(cache.lookup(OTHER).source()).isEqualTo(Source.MEMCACHED);
            assertThat(database.loadsOf(KEY)).isEqualTo(3);
            assertThat(database.loadsOf(OTHER)).isEqualTo(1);
            assertThat(events.down()).isEmpty();
        }
    }

    @Test
    void deleteRefused_nodeStaysUpWithTheOldValue_isNotAskedForThatKeyUntilItHasRemovedIt() {
        MemcachedLine line = new MemcachedLine(node);
        try (RefusingProxy proxy = new RefusingProxy(node.port());
                CacheClient client = CacheClient.builder()
                        .nodes(proxy.address())
                        .operationTimeout(Duration.ofSeconds(20))
                        .breaker(new BreakerPolicy(10_000, 100))
                        .listener(events)
                        .build()) {
            ReadThroughCache<Integer, String> cache = cache(client);
            fillWithV1(cache, 2);
            proxy.refuseDeletes(true);
            database.changeTo("v2");

            cache.invalidate(KEY);

            for (int read = 0; read < 1_000; read++) {
                check(cache.get(KEY), KEY);
                Lookup<String> other = cache.lookup(OTHER);
                assertThat(other.source()).isEqualTo(Source.MEMCACHED);
                assertThat(other.value()).isEqualTo(value("v1", OTHER));
            }
            assertThat(line.hasValue("pages:" + KEY)).isTrue();
            assertThat(cache.lookup(KEY).source()).isEqualTo(Source.FALLBACK);
            assertThat(database.loadsOf(KEY)).isEqualTo(2);

            proxy.refuseDeletes(false);

            await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(1)).until(() -> {
                Lookup<String> found = cache.lookup(KEY);
                check(found.value(), KEY);
                return found.source() == Source.MEMCACHED;
            });
            assertThat(database.loadsOf(KEY)).isEqualTo(3);
            assertThat(database.loadsOf(OTHER)).isEqualTo(1);
            assertThat(events.down()).isEmpty();
        }
    }

    @Test
    void nodeHung_tooManyKeysInvalidated_noneIsReadAgainInItsOldVersion() {
        try (CacheClient client = client().build();
                CacheClient another = client().build()) {
            ReadThroughCache<Integer, String> cache = cache(client);
            ReadThroughCache<Integer, String> elsewhere = cache(another);
            fillWithV1(cache, TOO_MANY);

            node.hang();
            giveUp(client, cache);
            database.changeTo("v2");
            cache.invalidateAll(IntStream.range(0, TOO_MANY).boxed().toList());
            node.resume();

            awaitUp(client, node);
            awaitUp(another, node);
            // What is written now might be older than the outage for all that the node's entries say, so it stays here.
            await().atMost(IN_THE_END).until(() -> {
                Lookup<String> found = cache.lookup(KEY);
                check(found.value(), KEY);
                return found.source() == Source.MEMCACHED;
            });
            // One load while the node was not believed, and one that it may keep.
            assertThat(database.loadsOf(KEY)).isEqualTo(3);
            assertThat(new MemcachedLine(node).hasValue("pages:" + OTHER)).isTrue();
            for (int pass = 0; pass < 2; pass++) {
                for (int key = 1; key < TOO_MANY; key++) {
                    check(cache.get(key), key);
                }
            }
            assertThat(IntStream.range(1, TOO_MANY).map(database::loadsOf).max())
                    .hasValue(2);

            // Another process writes after the outage, and is believed.
            elsewhere.invalidate(OTHER);
            database.changeTo("v3");
            assertThat(elsewhere.get(OTHER)).isEqualTo(value("v3", OTHER));
            await().atMost(IN_THE_END).until(() -> cache.lookup(OTHER).value().equals(value("v3", OTHER)));
            assertThat(cache.lookup(OTHER).source()).isEqualTo(Source.MEMCACHED);
            assertThat(database.loadsOf(OTHER)).isEqualTo(3);
        }
    }
}
