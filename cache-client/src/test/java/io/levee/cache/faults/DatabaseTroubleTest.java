package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitDown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.LoadException;
import io.levee.cache.LoadRejectedException;
import io.levee.cache.LoadTimeoutException;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that hangs, fails or is slow, behind nodes that are well and behind nodes that are dead. */
class DatabaseTroubleTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Cluster cluster;
    private PagesDatabase database;
    private CacheClient client;
    private ClientLog log;
    private ExecutorService callers;

    @BeforeEach
    void start() throws SQLException {
        log = new ClientLog();
        cluster = Cluster.of(2);
        database = new PagesDatabase();
        client = cluster.patientClient().build();
        callers = Executors.newCachedThreadPool();
    }

    @AfterEach
    void stop() {
        client.close();
        callers.shutdownNow();
        database.close();
        cluster.close();
        log.close();
    }

    private ReadThroughCache.Builder<Integer, String> cache(Duration fresh) {
        return client.cache("pages", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(fresh);
    }

    /** Loads the page, and waits until it is past its freshness. */
    private static void letGoStale(ReadThroughCache<Integer, String> cache, int page) {
        Lookup<String> loaded = cache.lookup(page);
        assertThat(loaded.value()).isEqualTo("body of " + page);
        long loadedNanos = System.nanoTime();
        await().atMost(IN_THE_END).until(() -> System.nanoTime() - loadedNanos > SHORT.toNanos());
    }

    private <T> List<Future<T>> atOnce(int count, Callable<T> call) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(callers.submit(call));
        }
        return futures;
    }

    private static <T> List<T> results(List<Future<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get(IN_THE_END.toSeconds(), TimeUnit.SECONDS));
        }
        return results;
    }

    @Test
    void databaseHangs_staleValue_isServedToEveryCallerPastTheSoftTimeout() throws Exception {
        // So long a hard timeout that who waited for it would be late for the test.
        ReadThroughCache<Integer, String> cache =
                cache(SHORT).loadTimeout(Duration.ofMillis(50), MINUTE).build();
        letGoStale(cache, 1);
        Connection lock = database.lock();
        int before = database.queries();

        List<Lookup<String>> found = results(atOnce(16, () -> cache.lookup(1)));

        assertThat(found).allSatisfy(lookup -> {
            assertThat(lookup.value()).isEqualTo("body of 1");
            assertThat(lookup.source()).isEqualTo(Source.STALE);
        });
        assertThat(database.queries() - before).isEqualTo(1);
        assertThat(database.running()).isEqualTo(1);

        PagesDatabase.unlock(lock);
        // The load went on, and its value is cached.
        await().atMost(IN_THE_END).until(() -> cache.stats().loads() == 2);
        assertThat(database.queries() - before).isEqualTo(1);
    }

    @Test
    void databaseHangs_nothingStale_failsAtTheHardTimeoutAndTheLoadsValueIsCached() throws Exception {
        ReadThroughCache<Integer, String> cache =
                cache(MINUTE).loadTimeout(Duration.ofMillis(50), SHORT).build();
        Connection lock = database.lock();

        List<Throwable> thrown = results(atOnce(16, () -> {
            try {
                return new AssertionError("got " + cache.get(1));
            } catch (RuntimeException e) {
                return e;
            }
        }));

        assertThat(thrown)
                .allSatisfy(e ->
                        assertThat(e).isInstanceOf(LoadTimeoutException.class).hasMessageContaining("100 ms"));
        assertThat(database.queries()).isEqualTo(1);
        PagesDatabase.unlock(lock);
        await().atMost(IN_THE_END).until(() -> cache.peek(1).isPresent());
        assertThat(cache.get(1)).isEqualTo("body of 1");
        assertThat(database.queries()).isEqualTo(1);
    }

    @Test
    void databaseHangs_boundReached_rejectsWhatIsColdServesTheRestAndGivesTheBoundBack() throws Exception {
        for (boolean timeouts : new boolean[] {true, false}) {
            ReadThroughCache.Builder<Integer, String> builder = client.cache(
                            "bounded" + timeouts, Integer.class, String.class)
                    .loader(database)
                    .expireAfterWrite(MINUTE)
                    .maxConcurrentLoads(4)
                    .loadWait(SHORT);
            ReadThroughCache<Integer, String> cache =
                    (timeouts ? builder.loadTimeout(MINUTE, MINUTE) : builder).build();
            assertThat(cache.get(50)).isEqualTo("body of 50");
            Connection lock = database.lock();
            int before = database.queries();
            List<Future<String>> hanging = new ArrayList<>();
            for (int page = 0; page < 4; page++) {
                int wanted = page;
                hanging.add(callers.submit(() -> cache.get(wanted)));
            }
            await().atMost(IN_THE_END).until(() -> database.running() == 4);

            for (int page = 10; page < 15; page++) {
                int wanted = page;
                assertThatThrownBy(() -> cache.get(wanted))
                        .isInstanceOf(LoadRejectedException.class)
                        .hasMessageContaining("4 loads are running");
                assertThat(cache.getAsync(wanted))
                        .failsWithin(IN_THE_END)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(LoadRejectedException.class);
                assertThat(cache.lookup(50).source()).isEqualTo(Source.MEMCACHED);
            }
            assertThat(cache.stats().loadsRejected()).isEqualTo(10);
            assertThat(database.queries() - before).isEqualTo(4);
            assertThat(database.running()).isEqualTo(4);
            assertThat(log.lines("WARN", cache.name(), "rejected", "4 loads")).hasSize(1);

            PagesDatabase.unlock(lock);
            assertThat(results(hanging)).containsExactly("body of 0", "body of 1", "body of 2", "body of 3");
            await().atMost(IN_THE_END).until(() -> database.running() == 0);
            for (int page = 10; page < 30; page++) {
                assertThat(cache.get(page)).isEqualTo("body of " + page);
            }
            assertThat(database.mostRunning()).isEqualTo(4);
        }
    }

    @Test
    void databaseFails_staleOrCold_servesStaleThrowsItsExceptionAndAsksLittle() throws Exception {
        ReadThroughCache<Integer, String> cache = cache(SHORT).build();
        letGoStale(cache, 1);
        database.breakDown();
        int before = database.queries();
        long startNanos = System.nanoTime();

        for (int i = 0; i < 300; i++) {
            Lookup<String> found = cache.lookup(1);
            assertThat(found.value()).isEqualTo("body of 1");
            assertThat(found.source()).isEqualTo(Source.STALE);
            assertThatThrownBy(() -> cache.get(2))
                    .isInstanceOf(LoadException.class)
                    .hasCauseInstanceOf(SQLException.class);
        }

        // A failure is held back for a second: of 600 calls for two keys, two a second reach the database.
        long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
        assertThat(database.queries() - before).isBetween(2, 2 * (int) (seconds + 1));
        assertThat(log.lines("WARN", "loads of cache pages fail")).hasSize(1);

        database.repair();
        await().atMost(IN_THE_END).ignoreExceptions().until(() -> cache.get(2).equals("body of 2"));
        await().atMost(IN_THE_END).until(() -> cache.lookup(1).source() != Source.STALE);
        assertThat(log.lines("INFO", "loads of cache pages succeed again")).hasSize(1);
    }

    @Test
    void databaseSlow_manyCallersOfManyPages_neverRunsMoreLoadsThanTheBound() throws Exception {
        ReadThroughCache<Integer, String> cache =
                cache(MINUTE).maxConcurrentLoads(3).loadWait(MINUTE).build();
        // Slow: for a while nothing comes, and then everything that was asked for, in its turn.
        Connection lock = database.lock();
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int page = i % 20;
            calls.add(callers.submit(() -> cache.get(page)));
        }
        await().atMost(IN_THE_END).until(() -> database.running() == 3);
        PagesDatabase.unlock(lock);

        assertThat(results(calls)).hasSize(60).doesNotContainNull();
        assertThat(database.queries()).isEqualTo(20);
        assertThat(database.mostRunning()).isEqualTo(3);
        assertThat(cache.stats().loadsRejected()).isZero();
    }

    @Test
    void databaseAndAllNodesDown_withinAndPastStaleFor_servesStaleAndThenTheFailure() throws Exception {
        ReadThroughCache<Integer, String> forLong = cache(SHORT).build();
        ReadThroughCache<Integer, String> brief = client.cache("brief", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(SHORT)
                .staleFor(Duration.ofSeconds(1))
                .build();
        for (int page = 0; page < 20; page++) {
            assertThat(forLong.get(page)).isEqualTo("body of " + page);
            assertThat(brief.get(page)).isEqualTo("body of " + page);
        }
        cluster.killAll();
        database.breakDown();
        cluster.nodes().forEach(node -> awaitDown(client, node));

        await().atMost(IN_THE_END).until(() -> forLong.lookup(0).source() == Source.STALE);
        for (int page = 0; page < 20; page++) {
            assertThat(forLong.get(page)).isEqualTo("body of " + page);
        }
        await().atMost(IN_THE_END)
                .untilAsserted(() -> assertThatThrownBy(() -> brief.get(1)).isInstanceOf(LoadException.class));
        // Past its stale time a value is no better than none, also for who holds it.
        assertThat(brief.peek(1)).isEmpty();
        for (int page = 0; page < 20; page++) {
            Lookup<String> found = forLong.lookup(page);
            assertThat(found.value()).isEqualTo("body of " + page);
            assertThat(found.source()).isEqualTo(Source.STALE);
        }
    }

    @Test
    void databaseHangsAndAllNodesDown_staleValue_isServedWithoutWaiting() throws Exception {
        ReadThroughCache<Integer, String> cache =
                cache(SHORT).maxConcurrentLoads(2).build();
        for (int page = 0; page < 20; page++) {
            assertThat(cache.get(page)).isEqualTo("body of " + page);
        }
        letGoStale(cache, 20);
        cluster.killAll();
        cluster.nodes().forEach(node -> awaitDown(client, node));
        Connection lock = database.lock();

        // Without a load timeout; the refreshes behind these hang, and there are two of them at most.
        for (int page = 0; page < 20; page++) {
            Lookup<String> found = cache.lookup(page);
            assertThat(found.value()).isEqualTo("body of " + page);
            assertThat(found.source()).isEqualTo(Source.STALE);
        }
        assertThat(database.mostRunning()).isLessThanOrEqualTo(2);
        PagesDatabase.unlock(lock);
        await().atMost(IN_THE_END).until(() -> database.running() == 0);
    }
}
