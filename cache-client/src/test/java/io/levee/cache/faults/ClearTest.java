package io.levee.cache.faults;

import static io.levee.cache.faults.ChangingDatabase.value;
import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cache is cleared: what was written before is not read any more, whatever its nodes still have. */
class ClearTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String RECORD = "%generations";
    /** Where a value comes from that need not be waited for. */
    private static final Set<Source> HELD = Set.of(Source.NEAR, Source.MEMCACHED);

    private static final int KEYS = 40;

    private final ChangingDatabase database = new ChangingDatabase();
    private Cluster cluster;
    private CacheClient client;
    private CacheClient another;

    @BeforeEach
    void start() {
        cluster = Cluster.of(2);
        client = client();
        another = client();
    }

    @AfterEach
    void stop() {
        another.close();
        client.close();
        cluster.close();
    }

    private CacheClient client() {
        return client(Duration.ofMillis(500));
    }

    private CacheClient client(Duration operationTimeout) {
        return CacheClient.builder()
                .nodes(cluster.addresses())
                .operationTimeout(operationTimeout)
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .build();
    }

    private ReadThroughCache.Builder<Integer, String> pages(CacheClient client) {
        return client.cache("pages", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(HOUR)
                .loadWait(Duration.ofSeconds(20));
    }

    /** Both processes have all keys in version 1. */
    private void fill(ReadThroughCache<Integer, String> here, ReadThroughCache<Integer, String> there) {
        for (int key = 0; key < KEYS; key++) {
            int k = key;
            assertThat(here.get(k)).isEqualTo(value("v1", k));
            await().atMost(IN_THE_END)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> HELD.contains(there.lookup(k).source()));
        }
        assertThat(database.loads()).isEqualTo(KEYS);
        database.changeTo("v2");
    }

    private static void assertV2(ReadThroughCache<Integer, String> cache) {
        for (int key = 0; key < KEYS; key++) {
            assertThat(cache.get(key)).isEqualTo(value("v2", key));
        }
    }

    private void awaitV2(ReadThroughCache<Integer, String> cache) {
        await().atMost(IN_THE_END)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> cache.get(0).equals(value("v2", 0)));
    }

    /** The values of every node, told by a process that has none. */
    private void assertNewcomerReadsV2() {
        try (CacheClient newcomer = client()) {
            ReadThroughCache<Integer, String> cache = pages(newcomer).build();
            assertV2(cache);
        }
    }

    @Test
    void clear_ownProcess_readsNothingOldAtOnceNotEvenNearby() {
        ReadThroughCache<Integer, String> here = pages(client).nearCache(HOUR).build();
        fill(here, pages(another).build());

        here.clear();

        assertV2(here);
        assertV2(here);
        assertThat(database.mostLoadsOfAKey()).isEqualTo(2);
        assertNewcomerReadsV2();
        assertThat(database.loads()).isEqualTo(2 * KEYS);
    }

    @Test
    void clear_nodesDieAfterwards_nothingOldStandsIn() {
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).build();
        fill(here, there);
        here.clear();
        awaitV2(there);
        // What is read back is held.
        await().atMost(IN_THE_END).until(() -> there.lookup(0).source() == Source.MEMCACHED);

        cluster.killAll();
        cluster.nodes().forEach(node -> awaitDown(client, node));
        cluster.nodes().forEach(node -> awaitDown(another, node));

        assertV2(here);
        assertV2(there);
        assertV2(here);
        // Each process for itself now, but once.
        assertThat(database.mostLoadsOfAKey()).isLessThanOrEqualTo(3);
    }

    @Test
    void clear_anotherProcess_followsWithoutBeingTold() {
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).nearCache(HOUR).build();
        fill(here, there);

        here.clear();

        awaitV2(there);
        assertV2(there);
        assertThat(database.loads()).isEqualTo(2 * KEYS);
    }

    @Test
    void clear_loadsUnderWayHereAndElsewhere_answerTheirCallersAndLandNowhere() throws Exception {
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).build();
        ChangingDatabase.HeldLoad ours = database.holdNextLoad();
        CompletableFuture<String> beforeHere = here.getAsync(0);
        ours.awaitBegun();
        ChangingDatabase.HeldLoad theirs = database.holdNextLoad();
        CompletableFuture<String> beforeThere = there.getAsync(1);
        theirs.awaitBegun();

        database.changeTo("v2");
        here.clear();
        ours.end();
        theirs.end();

        assertThat(beforeHere.get(20, TimeUnit.SECONDS)).isEqualTo(value("v1", 0));
        assertThat(beforeThere.get(20, TimeUnit.SECONDS)).isEqualTo(value("v1", 1));
        assertThat(here.get(0)).isEqualTo(value("v2", 0));
        assertThat(here.get(1)).isEqualTo(value("v2", 1));
        await().atMost(IN_THE_END).until(() -> there.get(1).equals(value("v2", 1)));
        assertThat(there.get(0)).isEqualTo(value("v2", 0));
        assertThat(database.loadsOf(0)).isEqualTo(2);
        assertThat(database.loadsOf(1)).isEqualTo(2);
    }

    @Test
    void clear_hotKeyInTwoProcesses_isLoadedOnceByTheFleet() {
        // Patient, so that a busy machine is not taken for a dead node, whose keys are loaded by each process.
        client.close();
        another.close();
        client = client(Duration.ofSeconds(20));
        another = client(Duration.ofSeconds(20));
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).build();
        fill(here, there);
        try (Callers ofOne = Callers.start(8, 1, 0, Long.MAX_VALUE, here::get);
                Callers ofTwo = Callers.start(8, 1, 0, Long.MAX_VALUE, there::get)) {
            for (int clearing = 1; clearing <= 5; clearing++) {
                String version = "v" + (clearing + 2);
                database.changeTo(version);

                here.clear();

                int loads = 1 + clearing;
                await().atMost(IN_THE_END)
                        .until(() -> here.get(0).equals(value(version, 0))
                                && there.get(0).equals(value(version, 0)));
                long calls = ofOne.calls() + ofTwo.calls();
                await().atMost(IN_THE_END).until(() -> ofOne.calls() + ofTwo.calls() > calls + 2_000);
                assertThat(database.loadsOf(0)).isEqualTo(loads);
            }
            assertThat(ofOne.failures()).isEmpty();
            assertThat(ofTwo.failures()).isEmpty();
        }
    }

    @Test
    void recordDeletedOnEveryNode_afterAClearing_comesBackAndHolds() {
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).build();
        fill(here, there);
        here.clear();
        awaitV2(there);

        cluster.nodes().forEach(node -> {
            assertThat(new MemcachedLine(node).say("md " + RECORD)).isEqualTo("HD");
        });

        cluster.nodes().forEach(node -> {
            MemcachedLine line = new MemcachedLine(node);
            await().atMost(IN_THE_END).until(() -> line.hasValue(RECORD));
        });
        assertV2(here);
        assertV2(there);
        assertNewcomerReadsV2();
        assertThat(database.loads()).isEqualTo(2 * KEYS);
    }

    @Test
    void clear_oneNodeHung_itsOldValuesAreNotReadWhenItIsBack() {
        clearWhileHung(() -> cluster.nodes().subList(0, 1));
    }

    @Test
    void clear_everyNodeHung_theirOldValuesAreNotReadWhenTheyAreBack() {
        clearWhileHung(cluster::nodes);
    }

    private void clearWhileHung(Supplier<Iterable<MemcachedNode>> hung) {
        ReadThroughCache<Integer, String> here = pages(client).build();
        ReadThroughCache<Integer, String> there = pages(another).build();
        fill(here, there);
        hung.get().forEach(MemcachedNode::hang);
        hung.get().forEach(node -> awaitGivenUp(client, here, node));

        here.clear();

        assertV2(here);
        hung.get().forEach(MemcachedNode::resume);
        try (Callers callers = Callers.start(2, KEYS, 0, Long.MAX_VALUE, key -> {
            Lookup<String> found = here.lookup(key);
            if (!found.value().equals(value("v2", key))) {
                throw new AssertionError("key " + key + " gave " + found);
            }
        })) {
            hung.get().forEach(node -> awaitUp(client, node));
            long calls = callers.calls();
            await().atMost(IN_THE_END).until(() -> callers.calls() > calls + 2_000);
            assertThat(callers.failures()).isEmpty();
        }
        hung.get().forEach(node -> awaitUp(another, node));
        awaitV2(there);
        assertV2(there);
        assertNewcomerReadsV2();
        // For v1; for v2 while the node was hung; and for v2 when it was back.
        assertThat(database.mostLoadsOfAKey()).isLessThanOrEqualTo(3);
    }

    private void awaitGivenUp(CacheClient client, ReadThroughCache<Integer, String> cache, MemcachedNode node) {
        await().atMost(IN_THE_END).until(() -> {
            for (int key = 0; key < KEYS && !Cluster.isDown(client, node); key++) {
                cache.peek(key);
            }
            return Cluster.isDown(client, node);
        });
    }
}
