package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static io.levee.cache.faults.Cluster.awaitUp;
import static io.levee.cache.faults.Cluster.isDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.CacheException;
import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.OutagePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.WriteException;
import io.levee.cache.WrittenDatabase;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key's node fails before, while or after the writer runs: the database's write stands, and no old value is read afterwards. */
class WriterFaultsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String KEY = "k";

    private final WrittenDatabase database = new WrittenDatabase();
    private Cluster cluster;
    private MemcachedNode node;
    private MemcachedLine line;

    @BeforeEach
    void start() {
        cluster = Cluster.of(1);
        node = cluster.node(0);
        line = new MemcachedLine(node);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private CacheClient.Builder client() {
        return client(Duration.ofMillis(300));
    }

    private CacheClient.Builder client(Duration operationTimeout) {
        return CacheClient.builder()
                .nodes(cluster.addresses())
                .operationTimeout(operationTimeout)
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(5), Duration.ofMillis(50));
    }

    private ReadThroughCache<String, String> cache(CacheClient client) {
        return client.cache("pages", String.class, String.class)
                .loader(database)
                .writer(database)
                .expireAfterWrite(HOUR)
                .loadWait(Duration.ofSeconds(20))
                .build();
    }

    private static CompletableFuture<Void> putting(ReadThroughCache<String, String> cache, String value) {
        return CompletableFuture.runAsync(() -> cache.put(KEY, value));
    }

    private static void ended(CompletableFuture<Void> put) throws Exception {
        put.get(30, TimeUnit.SECONDS);
    }

    private boolean nodeHasValue() {
        return line.hasValue("pages:" + KEY);
    }

    @Test
    void nodeDead_put_returnsAndThisProcessReadsItsOwnWrite() {
        try (CacheClient client = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put(KEY, "v1");
            node.kill();
            awaitDown(client, node);

            cache.put(KEY, "v2");

            assertThat(database.row(KEY)).isEqualTo("v2");
            assertThat(cache.lookup(KEY).source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.get(KEY)).isEqualTo("v2");
            assertThat(database.loads()).isZero();
            await().until(() -> cache.stats().writeFailures() == 1);

            cache.remove(KEY);
            assertThat(database.row(KEY)).isNull();
            assertThat(cache.get(KEY)).isNull();
        }
    }

    @Test
    void nodeDead_writerThrows_nothingIsJournaledOrChanged() {
        try (CacheClient client = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put(KEY, "v1");
            node.kill();
            awaitDown(client, node);
            database.failWrites(new IOException("the database is down too"));

            assertThat(failureOf(() -> cache.put(KEY, "v2"))).isInstanceOf(WriteException.class);
            assertThat(failureOf(() -> cache.remove(KEY))).isInstanceOf(WriteException.class);

            assertThat(cache.get(KEY)).isEqualTo("v1");
            assertThat(cache.stats().writeFailures()).isZero();
        }
    }

    private static Throwable failureOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (CacheException e) {
            return e;
        }
    }

    enum Point {
        BEFORE_THE_COMMIT,
        AFTER_THE_COMMIT
    }

    private WrittenDatabase.Held holdNext(Point point) {
        return point == Point.BEFORE_THE_COMMIT ? database.holdNextWrite() : database.holdNextCommitted();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void nodeKilledWhileTheWriterRuns_put_returnsAndTheNodeDoesNotKeepTheOldValue(Point point) throws Exception {
        try (CacheClient client = client().build();
                CacheClient another = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            ReadThroughCache<String, String> elsewhere = cache(another);
            cache.put(KEY, "v1");
            assertThat(elsewhere.get(KEY)).isEqualTo("v1");
            WrittenDatabase.Held writing = holdNext(point);
            CompletableFuture<Void> put = putting(cache, "v2");
            writing.awaitThere();
            node.kill();
            awaitDown(client, node);

            writing.goOn();
            ended(put);

            assertThat(cache.get(KEY)).isEqualTo("v2");
            assertThat(database.loads()).isZero();
            node.start();
            awaitUp(client, node);
            awaitUp(another, node);
            // The other may send its old value to the empty node, until this process has told it.
            await().atMost(IN_THE_END).until(() -> elsewhere.get(KEY).equals("v2"));
            assertThat(cache.get(KEY)).isEqualTo("v2");
        }
    }

    /** The token is of the server that was, and the new one may count up to it again. */
    @Test
    void nodeRestartedWhileTheWriterRuns_put_storesNothingByTheOldToken() throws Exception {
        try (CacheClient client = client(Duration.ofSeconds(20)).build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put(KEY, "v1");
            WrittenDatabase.Held committed = database.holdNextCommitted();
            CompletableFuture<Void> put = putting(cache, "v2");
            committed.awaitThere();
            node.kill();
            awaitDown(client, node);
            node.start();
            awaitUp(client, node);
            long writes = cache.stats().writes();

            committed.goOn();
            ended(put);

            assertThat(cache.stats().writes()).isEqualTo(writes);
            assertThat(nodeHasValue()).isFalse();
            assertThat(cache.get(KEY)).isEqualTo("v2");
        }
    }

    @Test
    void nodeDead_loadThatBeganBeforeARemoval_isNotJoinedAfterIt() throws Exception {
        try (CacheClient client = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            node.kill();
            awaitDown(client, node);
            database.changeTo(KEY, "v1");
            WrittenDatabase.Held load = database.holdNextLoad();
            CompletableFuture<String> before = CompletableFuture.supplyAsync(() -> cache.get(KEY));
            load.awaitThere();

            cache.remove(KEY);

            assertThat(cache.get(KEY)).isNull();
            load.goOn();
            assertThat(before.get(20, TimeUnit.SECONDS)).isEqualTo("v1");
            assertThat(cache.get(KEY)).isNull();
        }
    }

    /** Nothing of the write waits in its socket, and it still has the old value when it is back. */
    @ParameterizedTest(name = "while the writer runs {0}")
    @ValueSource(booleans = {false, true})
    void nodeHungAndGivenUp_put_isToldOfItBeforeItServesAgain(boolean whileTheWriterRuns) throws Exception {
        try (CacheClient client = client().build();
                CacheClient another = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            ReadThroughCache<String, String> elsewhere = cache(another);
            cache.put(KEY, "v1");
            if (whileTheWriterRuns) {
                WrittenDatabase.Held committed = database.holdNextCommitted();
                CompletableFuture<Void> put = putting(cache, "v2");
                committed.awaitThere();
                hangAndGiveUp(client, cache);
                committed.goOn();
                ended(put);
            } else {
                hangAndGiveUp(client, cache);
                cache.put(KEY, "v2");
            }
            assertThat(cache.get(KEY)).isEqualTo("v2");

            node.resume();

            awaitUp(client, node);
            awaitEverybodyHasV2(cache, elsewhere);
        }
    }

    private void hangAndGiveUp(CacheClient client, ReadThroughCache<String, String> cache) {
        node.hang();
        await().atMost(IN_THE_END).until(() -> {
            cache.peek("other");
            return isDown(client, node);
        });
    }

    /** The breaker stays closed, so that the node counts as up and is asked. */
    private CacheClient.Builder trustingClient() {
        return client().breaker(new BreakerPolicy(10_000, 100)).probeInterval(HOUR);
    }

    @Test
    void nodeHungBeforeTheWriterRuns_put_returnsAndTheKeyIsBarredUntilTheNodeHasHeard() {
        try (CacheClient client = trustingClient().build();
                CacheClient another = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            ReadThroughCache<String, String> elsewhere = cache(another);
            cache.put(KEY, "v1");
            node.hang();

            cache.put(KEY, "v2");

            assertThat(cache.lookup(KEY).source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.get(KEY)).isEqualTo("v2");
            node.resume();
            awaitEverybodyHasV2(cache, elsewhere);
        }
    }

    @Test
    void nodeHangsWhileTheWriterRuns_put_returnsAndTheKeyIsBarredUntilTheNodeHasHeard() throws Exception {
        try (CacheClient client = trustingClient().build();
                CacheClient another = client().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            ReadThroughCache<String, String> elsewhere = cache(another);
            cache.put(KEY, "v1");
            WrittenDatabase.Held committed = database.holdNextCommitted();
            CompletableFuture<Void> put = putting(cache, "v2");
            committed.awaitThere();
            node.hang();

            committed.goOn();
            ended(put);

            assertThat(cache.lookup(KEY).source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.get(KEY)).isEqualTo("v2");
            await().until(() -> cache.stats().writeFailures() == 1);
            node.resume();
            awaitEverybodyHasV2(cache, elsewhere);
        }
    }

    private static void awaitEverybodyHasV2(
            ReadThroughCache<String, String> cache, ReadThroughCache<String, String> elsewhere) {
        await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(1)).until(() -> {
            assertThat(cache.get(KEY)).isEqualTo("v2");
            return cache.lookup(KEY).source() == Source.MEMCACHED;
        });
        await().atMost(IN_THE_END).until(() -> elsewhere.get(KEY).equals("v2"));
    }

    @Test
    void nodeHung_writerThrows_nothingIsLeftOnTheNode() {
        try (CacheClient client = trustingClient().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put("other", "v1");
            node.hang();
            database.failWrites(new IOException("the database is down too"));

            assertThat(failureOf(() -> cache.put(KEY, "v2"))).isInstanceOf(WriteException.class);

            node.resume();
            await().atMost(IN_THE_END).until(() -> cache.lookup("other").source() == Source.MEMCACHED);
            // What arrived late makes nobody wait.
            assertThat(line.has("pages:" + KEY)).isFalse();
            database.changeTo(KEY, "v1");
            assertThat(cache.get(KEY)).isEqualTo("v1");
            assertThat(cache.stats().leaseWaits()).isZero();
        }
    }

    @Test
    void nodeHung_callerInterruptedBeforeTheWriterRuns_writesNothingAndKeepsTheFlag() throws Exception {
        try (CacheClient client = client(Duration.ofSeconds(30)).build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put("other", "v1");
            node.hang();
            CompletableFuture<Boolean> flagKept = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                Throwable failure = failureOf(() -> cache.put(KEY, "v2"));
                boolean kept = Thread.currentThread().isInterrupted();
                flagKept.complete(kept && failure != null && !(failure instanceof WriteException));
            });
            caller.start();
            await().until(() -> caller.getState() == Thread.State.WAITING);

            caller.interrupt();

            assertThat(flagKept.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(database.writes()).isEqualTo(1);
            node.resume();
            await().atMost(IN_THE_END).until(() -> cache.lookup("other").source() == Source.MEMCACHED);
            await("it is let go of when it comes")
                    .until(() -> line.say("mg pages:" + KEY).startsWith("EN"));
        }
    }

    @Test
    void nodeHangs_callerInterruptedAfterTheWriterRan_returnsWhenTheKeyIsBarredAndKeepsTheFlag() throws Exception {
        try (CacheClient client = trustingClient().build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put(KEY, "v1");
            WrittenDatabase.Held committed = database.holdNextCommitted();
            CompletableFuture<Boolean> flagKept = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                cache.put(KEY, "v2");
                flagKept.complete(Thread.currentThread().isInterrupted());
            });
            caller.start();
            committed.awaitThere();
            node.hang();
            committed.goOn();
            await().until(() -> caller.getState() == Thread.State.WAITING);

            caller.interrupt();

            assertThat(flagKept.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(cache.lookup(KEY).source()).isEqualTo(Source.FALLBACK);
            assertThat(cache.get(KEY)).isEqualTo("v2");
        }
    }

    @Test
    void invalidationMissedWhileTheWriterRuns_put_doesNotMakeTheNodeBelieved() throws Exception {
        try (RefusingProxy proxy = new RefusingProxy(node.port());
                CacheClient client = CacheClient.builder()
                        .nodes(proxy.address())
                        .operationTimeout(Duration.ofSeconds(20))
                        .breaker(new BreakerPolicy(10_000, 100))
                        .build()) {
            ReadThroughCache<String, String> cache = cache(client);
            cache.put(KEY, "v1");
            WrittenDatabase.Held committed = database.holdNextCommitted();
            CompletableFuture<Void> put = putting(cache, "v2");
            committed.awaitThere();
            proxy.refuseDeletes(true);
            database.changeTo(KEY, "v3");
            cache.invalidate(KEY);

            committed.goOn();
            ended(put);

            // The node took it by its token, having missed the invalidation, and is not believed.
            assertThat(nodeHasValue()).isTrue();
            assertThat(cache.get(KEY)).isEqualTo("v3");
            proxy.refuseDeletes(false);
            await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(1)).until(() -> {
                assertThat(cache.get(KEY)).isEqualTo("v3");
                return cache.lookup(KEY).source() == Source.MEMCACHED;
            });
        }
    }

    private static String keyOf(MemcachedNode own, ReadThroughCache<String, String> cache) {
        MemcachedLine ownLine = new MemcachedLine(own);
        return IntStream.range(0, 1_000)
                .mapToObj(candidate -> "k" + candidate)
                .filter(candidate -> {
                    cache.put(candidate, "v1");
                    return ownLine.hasValue("pages:" + candidate);
                })
                .findFirst()
                .orElseThrow();
    }

    @Test
    void gutter_nodeBack_put_removesWhatStoodIn() {
        cluster.close();
        cluster = Cluster.of(2);
        MemcachedNode own = cluster.node(0);
        MemcachedLine standInLine = new MemcachedLine(cluster.node(1));
        try (CacheClient client =
                client().outage(OutagePolicy.gutter(Duration.ofMinutes(1))).build()) {
            ReadThroughCache<String, String> cache = cache(client);
            String key = keyOf(own, cache);
            own.kill();
            awaitDown(client, own);
            cache.put(key, "v2");
            assertThat(standInLine.hasValue("pages:" + key)).isTrue();
            own.start();
            awaitUp(client, own);

            cache.put(key, "v3");

            assertThat(standInLine.has("pages:" + key)).isFalse();
            assertThat(cache.get(key)).isEqualTo("v3");
        }
    }

    @ParameterizedTest(name = "node dies while the writer runs {0}")
    @ValueSource(booleans = {false, true})
    void gutter_nodeDead_isStoredOrRemovedWhereReadersLook(boolean whileTheWriterRuns) throws Exception {
        cluster.close();
        cluster = Cluster.of(2);
        MemcachedNode own = cluster.node(0);
        OutagePolicy gutter = OutagePolicy.gutter(Duration.ofMinutes(1));
        try (CacheClient client = client().outage(gutter).build();
                CacheClient another = client().outage(gutter).build()) {
            ReadThroughCache<String, String> cache = cache(client);
            ReadThroughCache<String, String> elsewhere = cache(another);
            String key = keyOf(own, cache);
            WrittenDatabase.Held committed = whileTheWriterRuns ? database.holdNextCommitted() : null;
            CompletableFuture<Void> put =
                    whileTheWriterRuns ? CompletableFuture.runAsync(() -> cache.put(key, "v2")) : null;
            if (whileTheWriterRuns) {
                committed.awaitThere();
            }
            own.kill();
            await().atMost(IN_THE_END).until(() -> isDown(client, own) && isDown(another, own));
            if (whileTheWriterRuns) {
                // A reader brings the stand-in a value that is out of date before the put has ended.
                database.changeTo(key, "old");
                assertThat(elsewhere.get(key)).isEqualTo("old");
                database.changeTo(key, "v2");
                committed.goOn();
                ended(put);
            } else {
                assertThat(elsewhere.get(key)).isEqualTo("v1");
                // What was loaded has arrived, and does not get in between.
                await().atMost(IN_THE_END).until(() -> elsewhere.lookup(key).source() == Source.MEMCACHED);
                cache.put(key, "v2");
                assertThat(elsewhere.lookup(key).source()).isEqualTo(Source.MEMCACHED);
            }

            assertThat(elsewhere.get(key)).isEqualTo("v2");
            assertThat(cache.get(key)).isEqualTo("v2");
        }
    }
}
