package io.levee.cache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.spring.docs.Site.BusyException;
import io.levee.cache.spring.docs.Site.Pledge;
import io.levee.cache.spring.docs.Site.ProjectStats;
import io.levee.cache.spring.docs.Site.StatsDatabase;
import io.levee.examples.memcached.MemcachedNode;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import net.spy.memcached.AddrUtil;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/from-spymemcached.md says is what happens, to the very code that stands there. */
class FromSpymemcachedTest {
    private static final Page PAGE = Page.read("from-spymemcached");

    private final MemcachedNode node = MemcachedNode.builder().start();
    private final StatsDatabase database = new StatsDatabase();
    private CacheClient levee;
    private MemcachedClient memcached;

    @BeforeEach
    void start() throws Exception {
        levee = client("shop");
        memcached = new MemcachedClient(
                new ConnectionFactoryBuilder()
                        .setOpTimeout(10_000)
                        .setDaemon(true)
                        .build(),
                AddrUtil.getAddresses(node.address()));
        database.save(new Pledge(7, 1));
    }

    @AfterEach
    void stop() {
        memcached.shutdown();
        levee.close();
        database.close();
        node.close();
    }

    private CacheClient client(String prefix) {
        var builder = CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(Duration.ofSeconds(5))
                .connectTimeout(Duration.ofSeconds(10));
        return (prefix.isEmpty() ? builder : builder.keyPrefix(prefix)).build();
    }

    private ReadThroughCache<Long, ProjectStats> cache(CacheClient client) {
        return client.cache("project-stats", Long.class, ProjectStats.class)
                .loader(database::stats)
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
    }

    private Object made(String heading, int number, Object... arguments) throws Exception {
        Constructor<?> constructor = BlockCompiler.compile(PAGE.under(heading, "java", number), node.address())
                .getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    @Test
    void oneMethod_beforeAndAfter_sayTheSame() throws Exception {
        for (Object pages :
                List.of(made("One method", 1, memcached, database), made("One method", 2, levee, database))) {
            long backers = database.stats(7).backers();
            long queries = database.table.queriesFor(7);
            assertThat(Pages.call(pages, "stats", 7L)).isEqualTo(new ProjectStats(7, backers));
            assertThat(Pages.call(pages, "stats", 7L)).isEqualTo(new ProjectStats(7, backers));
            assertThat(database.table.queriesFor(7)).isEqualTo(queries + 1);
            Pages.call(pages, "save", new Pledge(7, 1));
            assertThat(Pages.call(pages, "stats", 7L)).isEqualTo(new ProjectStats(7, backers + 1));
        }
    }

    @Test
    void oneMethod_nodeKilled_onlyTheOldOneAsksTheDatabaseEachTime() throws Exception {
        Object before = made("One method", 1, shortTempered(), database);
        Object after = made("One method", 2, levee, database);
        Pages.call(before, "stats", 7L);
        Pages.call(after, "stats", 7L);
        long queries = database.table.queriesFor(7);
        node.kill();

        assertThat(Pages.call(after, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
        assertThat(Pages.call(after, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
        assertThat(database.table.queriesFor(7)).isEqualTo(queries);

        Pages.call(before, "stats", 7L);
        Pages.call(before, "stats", 7L);
        assertThat(database.table.queriesFor(7)).isEqualTo(queries + 2);
    }

    @Test
    void clients_ofThePage_areMade() throws Exception {
        MemcachedClient old = (MemcachedClient) made(PAGE, "One method", 3);
        old.shutdown();
        try (CacheClient made = (CacheClient) made(PAGE, "One method", 4)) {
            assertThat(made.settings().keyPrefix()).isEqualTo("shop");
        }
    }

    private Object made(Page page, String heading, int number) throws Exception {
        var factory = BlockCompiler.compile(page.under(heading, "java", number), node.address())
                .getDeclaredMethod("client");
        factory.setAccessible(true);
        return factory.invoke(null);
    }

    @Test
    void manyKeys_beforeAndAfter_sayTheSame() throws Exception {
        database.save(new Pledge(8, 2));
        for (Object page : List.of(made("Many keys", 1, memcached, database), made("Many keys", 2, levee, database))) {
            long queries = database.table.queries.size();
            for (int i = 0; i < 2; i++) {
                assertThat(Pages.call(page, "stats", List.of(7L, 8L))).isEqualTo(database.stats(List.of(7L, 8L)));
            }
            assertThat(database.table.queries.size() - queries)
                    .as("one, and two of the test's own")
                    .isEqualTo(3);
        }
    }

    @Test
    void whatToCatch_databaseDown_isTheLoadersOwnException() throws Exception {
        database.table.down = true;
        Object pages = made("What to catch", 1, cache(levee));
        assertThatThrownBy(() -> Pages.call(pages, "stats", 7L))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("no stats of project 7")
                .hasRootCauseInstanceOf(io.levee.cache.spring.method.StatsDatabase.DownException.class);
    }

    @Test
    void whatToCatch_tooManyLoads_isTheSitesOwnException() throws Exception {
        database.save(new Pledge(8, 1));
        database.table.gate = new CountDownLatch(1);
        ReadThroughCache<Long, ProjectStats> narrow = levee.cache("project-stats", Long.class, ProjectStats.class)
                .loader(database::stats)
                .expireAfterWrite(Duration.ofMinutes(10))
                .maxConcurrentLoads(1)
                .loadWait(Duration.ofMillis(10))
                .build();
        Object pages = made("What to catch", 1, narrow);
        CompletableFuture<ProjectStats> slow = narrow.getAsync(8L);
        try {
            await().until(() -> database.table.queriesFor(8) == 1);
            assertThatThrownBy(() -> Pages.call(pages, "stats", 7L)).isInstanceOf(BusyException.class);
        } finally {
            database.table.gate.countDown();
        }
        slow.join();
    }

    @Test
    void both_onOneNode_doNotSeeEachOther() throws Exception {
        ReadThroughCache<Long, ProjectStats> cache = cache(levee);
        memcached.set("project-stats:7", 600, new ProjectStats(7, 100)).get();
        assertThat(cache.get(7L)).isEqualTo(new ProjectStats(7, 1));
        assertThat(memcached.get("project-stats:7")).isEqualTo(new ProjectStats(7, 100));
        assertThat(Pages.isTaken(node, "shop/project-stats:7")).isTrue();
    }

    @Test
    void both_underOneKey_spoilEachOthersWork() throws Exception {
        try (CacheClient bare = client("")) {
            ReadThroughCache<Long, ProjectStats> cache = cache(bare);
            memcached.set("project-stats:7", 600, new ProjectStats(7, 100)).get();
            assertThat(cache.get(7L)).as("a miss").isEqualTo(new ProjectStats(7, 1));
            await().until(() -> memcached.get("project-stats:7") == null);

            database.table.gate = new CountDownLatch(1);
            CompletableFuture<ProjectStats> loading = cache.getAsync(8L);
            try {
                await().until(() -> database.table.queriesFor(8) == 1);
                assertThat(memcached.get("project-stats:8")).isEqualTo("");
            } finally {
                database.table.gate.countDown();
            }
            loading.join();
        }
    }

    @Test
    void rollOut_processesOfBothSteps_seeEachOthersWrites() throws Exception {
        try (CacheClient elsewhere = client("shop")) {
            Object old = made("Rolling it out", 1, memcached, cache(levee), database, false);
            Object young = made("Rolling it out", 1, memcached, cache(elsewhere), database, true);
            assertThat(Pages.call(old, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
            assertThat(Pages.call(young, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));

            Pages.call(old, "save", new Pledge(7, 1));
            assertThat(Pages.call(old, "stats", 7L)).isEqualTo(new ProjectStats(7, 2));
            assertThat(Pages.call(young, "stats", 7L)).isEqualTo(new ProjectStats(7, 2));

            Pages.call(young, "save", new Pledge(7, 1));
            assertThat(Pages.call(old, "stats", 7L)).isEqualTo(new ProjectStats(7, 3));
            assertThat(Pages.call(young, "stats", 7L)).isEqualTo(new ProjectStats(7, 3));
        }
    }

    /** Gives a dead node up at once, as the page's client does. */
    private MemcachedClient shortTempered() throws Exception {
        return (MemcachedClient) made(PAGE, "One method", 3);
    }
}
