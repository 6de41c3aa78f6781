package io.levee.cache.faults;

import static io.levee.cache.faults.ChangingDatabase.value;
import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static io.levee.cache.faults.Cluster.isDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.CacheLoader;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.OutagePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another node stands in for a dead one, for a short while at a time. */
class GutterTest {
    private static final OutagePolicy GUTTER = OutagePolicy.gutter(Duration.ofSeconds(2));
    private static final OutagePolicy LONG_GUTTER = OutagePolicy.gutter(Duration.ofMinutes(1));
    private static final Duration HOUR = Duration.ofHours(1);

    private final ChangingDatabase database = new ChangingDatabase();
    private Cluster cluster;
    private MemcachedNode own;
    private MemcachedLine ownLine;
    private MemcachedLine standInLine;
    private int key;

    @BeforeEach
    void start() {
        cluster = Cluster.of(2);
        own = cluster.node(0);
        ownLine = new MemcachedLine(own);
        standInLine = new MemcachedLine(cluster.node(1));
        try (CacheClient client = client(OutagePolicy.miss())) {
            ReadThroughCache<Integer, String> cache = cache(client, key -> "somewhere");
            key = IntStream.range(0, 1_000)
                    .filter(candidate -> {
                        cache.put(candidate, "here");
                        return ownLine.hasValue(name(candidate));
                    })
                    .findFirst()
                    .orElseThrow();
            cache.invalidate(key);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private CacheClient client(OutagePolicy outage) {
        return CacheClient.builder()
                .nodes(cluster.addresses())
                .operationTimeout(Duration.ofMillis(500))
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .outage(outage)
                .build();
    }

    private static ReadThroughCache<Integer, String> cache(CacheClient client, CacheLoader<Integer, String> loader) {
        return client.cache("pages", Integer.class, String.class)
                .loader(loader)
                .expireAfterWrite(HOUR)
                .loadWait(Duration.ofSeconds(20))
                .build();
    }

    private static String name(int key) {
        return "pages:" + key;
    }

    private static void check(String value, int key) {
        if (!CountingDatabase.isValueOf(key, value)) {
            throw new AssertionError("key " + key + " gave " + value);
        }
    }

    @Test
    void nodeDead_twoProcesses_loadOncePerKeyAndTtl() {
        CountingDatabase counting = new CountingDatabase();
        try (CacheClient client = client(GUTTER);
                CacheClient another = client(GUTTER)) {
            ReadThroughCache<Integer, String> here = cache(client, counting);
            ReadThroughCache<Integer, String> there = cache(another, counting);
            own.kill();
            awaitDown(client, own);
            awaitDown(another, own);

            try (Callers ofOne = Callers.start(4, 1, 100_000, Long.MAX_VALUE, any -> check(here.get(key), key));
                    Callers ofTwo = Callers.start(
                            4,
                            1,
                            100_000,
                            Long.MAX_VALUE,
                            any -> check(there.getAll(List.of(key)).get(key), key))) {
                await().atMost(IN_THE_END).until(() -> counting.loadsOf(key) >= 4);
                assertThat(ofOne.failures()).isEmpty();
                assertThat(ofTwo.failures()).isEmpty();
            }

            // Memcached counts in whole seconds, of which the first may be short.
            assertThat(counting.loadsWithin(Duration.ofMillis(900).toNanos())).isEmpty();
            assertThat(here.stats().loads() + there.stats().loads()).isEqualTo(counting.loadsOf(key));
            String life = standInLine.say("mg " + name(key) + " t");
            assertThat(life).matches("HD t[0-2]|EN");
        }
    }

    @Test
    void nodeDead_keyPut_livesOnTheStandInForTheTtlOnly() {
        try (CacheClient client = client(GUTTER);
                CacheClient another = client(GUTTER)) {
            ReadThroughCache<Integer, String> here = cache(client, database);
            ReadThroughCache<Integer, String> there = cache(another, database);
            own.kill();
            awaitDown(client, own);
            awaitDown(another, own);

            here.put(key, value("v2", key));

            assertThat(standInLine.say("mg " + name(key) + " t")).matches("HD t[0-2]");
            assertThat(there.lookup(key).source()).isEqualTo(Source.MEMCACHED);
            assertThat(there.get(key)).isEqualTo(value("v2", key));
            assertThat(database.loads()).isZero();
        }
    }

    @Test
    void nodeDead_keyInvalidated_isGoneFromTheStandIn() {
        try (CacheClient client = client(LONG_GUTTER);
                CacheClient another = client(LONG_GUTTER)) {
            ReadThroughCache<Integer, String> here = cache(client, database);
            ReadThroughCache<Integer, String> there = cache(another, database);
            own.kill();
            awaitDown(client, own);
            awaitDown(another, own);
            assertThat(here.get(key)).isEqualTo(value("v1", key));
            await().atMost(IN_THE_END).until(() -> there.lookup(key).source() == Source.MEMCACHED);

            database.changeTo("v2");
            here.invalidate(key);

            assertThat(standInLine.has(name(key))).isFalse();
            assertThat(there.get(key)).isEqualTo(value("v2", key));
            await().atMost(IN_THE_END).until(() -> here.lookup(key).source() == Source.MEMCACHED);
            assertThat(here.get(key)).isEqualTo(value("v2", key));
            assertThat(database.loadsOf(key)).isEqualTo(2);
        }
    }

    @Test
    void nodeBack_keyInvalidated_isGoneFromTheStandInToo() {
        try (CacheClient client = client(LONG_GUTTER)) {
            ReadThroughCache<Integer, String> cache = cache(client, database);
            own.kill();
            awaitDown(client, own);
            assertThat(cache.get(key)).isEqualTo(value("v1", key));
            await().atMost(IN_THE_END).until(() -> standInLine.hasValue(name(key)));
            own.start();
            awaitUp(client, own);

            database.changeTo("v2");
            cache.invalidate(key);

            assertThat(standInLine.has(name(key))).isFalse();
            assertThat(cache.get(key)).isEqualTo(value("v2", key));
            await().atMost(IN_THE_END).until(() -> ownLine.hasValue(name(key)));
            assertThat(database.loadsOf(key)).isEqualTo(2);
        }
    }

    @Test
    void nodeHungWithAnOldValue_backAfterANewerOneWasRead_noProcessReadsTheOldOneAgain() {
        try (CacheClient client = client(LONG_GUTTER);
                CacheClient another = client(LONG_GUTTER)) {
            ReadThroughCache<Integer, String> here = cache(client, database);
            ReadThroughCache<Integer, String> there = cache(another, database);
            assertThat(here.get(key)).isEqualTo(value("v1", key));
            await().atMost(IN_THE_END).until(() -> there.lookup(key).source() == Source.MEMCACHED);
            long writtenNanos = System.nanoTime();
            own.hang();
            awaitGivenUp(client, here);
            awaitGivenUp(another, there);
            // So that whoever's clock is ahead, what is written from now on is newer.
            await().until(() ->
                    System.nanoTime() - writtenNanos > Duration.ofMillis(2_500).toNanos());
            database.changeTo("v2");

            try (Reading ofHere = new Reading(here);
                    Reading ofThere = new Reading(there)) {
                await().atMost(IN_THE_END).until(() -> ofHere.hasSeenV2() && ofThere.hasSeenV2());
                own.resume();
                awaitUp(client, own);
                awaitUp(another, own);
                long calls = ofHere.calls() + ofThere.calls();
                await().atMost(IN_THE_END).until(() -> ofHere.calls() + ofThere.calls() > calls + 5_000);
                assertThat(ofHere.failures()).isEmpty();
                assertThat(ofThere.failures()).isEmpty();
            }
            await().atMost(IN_THE_END).until(() -> here.lookup(key).source() == Source.MEMCACHED);
            assertThat(here.get(key)).isEqualTo(value("v2", key));
            assertThat(there.get(key)).isEqualTo(value("v2", key));
            // For v1, for v2 on the node that stood in, and for v2 on the key's own.
            assertThat(database.loadsOf(key)).isEqualTo(3);
        }
    }

    private void awaitGivenUp(CacheClient client, ReadThroughCache<Integer, String> cache) {
        await().atMost(IN_THE_END).until(() -> {
            cache.peek(key);
            return isDown(client, own);
        });
    }

    /** One thread that reads the key over and over, so that it is known which read came after which. */
    private final class Reading implements AutoCloseable {
        private final Callers callers;
        private volatile boolean seenV2;

        Reading(ReadThroughCache<Integer, String> cache) {
            callers = Callers.start(1, 1, 50_000, Long.MAX_VALUE, any -> {
                Lookup<String> found = cache.lookup(key);
                boolean isV2 = found.value().equals(value("v2", key));
                if (seenV2 && !isV2) {
                    throw new AssertionError("after v2 came " + found);
                }
                seenV2 |= isV2;
            });
        }

        boolean hasSeenV2() {
            return seenV2;
        }

        long calls() {
            return callers.calls();
        }

        List<Throwable> failures() {
            return callers.failures();
        }

        @Override
        public void close() {
            callers.close();
        }
    }

    @Test
    void policyMiss_nodeDead_writesToNoOtherNode() {
        try (CacheClient client = client(OutagePolicy.miss())) {
            ReadThroughCache<Integer, String> cache = cache(client, database);
            own.kill();
            awaitDown(client, own);

            assertThat(cache.get(key)).isEqualTo(value("v1", key));
            assertThat(standInLine.has(name(key))).isFalse();
            cache.put(key, value("v2", key));
            assertThat(standInLine.has(name(key))).isFalse();
            cache.invalidate(key);

            // Whatever was sent was sent before this, on the same connection.
            client.cache("others", Integer.class, String.class)
                    .expireAfterWrite(HOUR)
                    .build()
                    .peek(1);
            assertThat(standInLine.has(name(key))).isFalse();
            assertThat(database.loadsOf(key)).isEqualTo(1);
        }
    }
}
