package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.method.StatsDatabase.DownException;
import io.levee.cache.spring.method.StatsDatabase.Stats;
import io.levee.examples.memcached.MemcachedNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Methods of many ids: cached by the id, and run for those only that the cache does not have. */
class ManyIdsTest {
    static class StatsPage {
        private final StatsDatabase database;

        StatsPage(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough(cacheNames = "stats", staleFor = "1h")
        public Map<Long, Stats> all(Collection<Long> projects) throws DownException {
            return database.stats(projects);
        }

        @ReadThrough("stats")
        public Stats one(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "stats", key = "#projects")
        public Map<Long, Stats> asked(String asker, Set<Long> projects) throws DownException {
            return database.stats(projects);
        }

        @ReadThrough(cacheNames = "large", unless = "#result.backers < 10")
        public Map<Long, Stats> large(List<Long> projects) throws DownException {
            return database.stats(projects);
        }
    }

    private static MemcachedNode node;
    private StatsDatabase database;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void fill() {
        node.restart();
        database = new StatsDatabase();
        for (long project = 1; project <= 4; project++) {
            database.pledge(project, 10 * project);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private interface Visit {
        void to(StatsPage page) throws Exception;
    }

    private void run(Visit visit, String... properties) {
        Application.on(node)
                .withBean(StatsPage.class, () -> new StatsPage(database))
                .withPropertyValues(properties)
                .run(context -> visit.to(context.getBean(StatsPage.class)));
    }

    @Test
    void someIdsCached_areNotLoadedAgain() {
        run(page -> {
            page.all(List.of(1L, 3L));
            assertThat(page.all(List.of(4L, 3L, 2L, 1L)))
                    .containsExactly(
                            Map.entry(4L, new Stats(4, 40)),
                            Map.entry(3L, new Stats(3, 30)),
                            Map.entry(2L, new Stats(2, 20)),
                            Map.entry(1L, new Stats(1, 10)));
            assertThat(database.queries).containsExactly(List.of(1L, 3L), List.of(4L, 2L));

            assertThat(page.all(List.of(2L, 3L))).hasSize(2);
            assertThat(page.all(List.of())).isEmpty();
            assertThat(database.queries).hasSize(2);
        });
    }

    @Test
    void singleIdsAndOtherMethods_shareTheCache() {
        run(page -> {
            page.one(1);
            page.asked("me", Set.of(1L, 2L));
            page.all(List.of(1L, 2L, 3L));
            page.one(3);
            page.one(2);
            assertThat(database.queries).containsExactly(List.of(1L), List.of(2L), List.of(3L));
        });
    }

    @Test
    void idWithoutAValue_isNotInTheMap() {
        run(page -> {
            assertThat(page.all(List.of(1L, 99L))).containsOnlyKeys(1L);
            page.all(List.of(1L, 99L));
            assertThat(database.queries).containsExactly(List.of(1L, 99L), List.of(99L));
        });
    }

    @Test
    void unless_isAskedOfEachValue() {
        run(page -> {
            database.pledge(5, 1);
            assertThat(page.large(List.of(1L, 5L))).containsOnlyKeys(1L, 5L);
            assertThat(page.large(List.of(1L, 5L))).containsOnlyKeys(1L, 5L);
            assertThat(database.queries).containsExactly(List.of(1L, 5L), List.of(5L));
        });
    }

    @Test
    void exceptionOfTheMethod_reachesItsCaller_asItIs() {
        run(page -> {
            page.all(List.of(1L));
            database.down = true;
            assertThatThrownBy(() -> page.all(List.of(1L, 2L))).isExactlyInstanceOf(DownException.class);
            assertThat(page.all(List.of(1L))).hasSize(1);
        });
    }

    @Test
    void nullAmongTheIds_isRefused() {
        run(page -> assertThatIllegalArgumentException()
                .isThrownBy(() -> page.all(Arrays.asList(1L, null)))
                .withMessageContaining(StatsPage.class.getName() + ".all: an id is null"));
    }

    @Test
    void staleIds_areServedAndRefreshedBehindTheCall() {
        run(
                page -> {
                    page.asked("me", Set.of(1L));
                    database.pledge(1, 5);
                    await().until(() -> page.asked("me", Set.of(1L)).get(1L).equals(new Stats(1, 15)));
                    database.down = true;
                    await().until(() -> {
                        page.asked("me", Set.of(1L));
                        return database.queries.size() > 3;
                    });
                    assertThat(page.asked("me", Set.of(1L))).containsValue(new Stats(1, 15));
                },
                "levee.caches.stats.expire-after-write=50ms");
    }

    @Test
    void nodeKilled_whatIsKnownIsServed_andTheRestIsLoaded() {
        Application.on(node)
                .withBean(StatsPage.class, () -> new StatsPage(database))
                .run(context -> {
                    StatsPage page = context.getBean(StatsPage.class);
                    page.all(List.of(1L, 2L));
                    node.kill();
                    assertThat(page.all(List.of(1L, 2L, 3L))).hasSize(3);
                    await().until(() ->
                            context.getBean(CacheClient.class).health().status() == HealthStatus.DOWN);
                    assertThat(page.all(List.of(1L, 2L, 3L))).hasSize(3);
                    assertThat(database.queries).containsExactly(List.of(1L, 2L), List.of(3L));
                });
    }

    @Test
    @SuppressWarnings("unchecked") // its keys are longs
    void cacheItself_loadsThroughTheBean() {
        Application.on(node)
                .withBean(StatsPage.class, () -> new StatsPage(database))
                .run(context -> {
                    ReadThroughCache<Long, Stats> cache = (ReadThroughCache<Long, Stats>)
                            context.getBean(LeveeCaches.class).find("stats").orElseThrow();
                    assertThat(cache.getAll(List.of(1L, 2L))).hasSize(2);
                    assertThat(cache.get(3L)).isEqualTo(new Stats(3, 30));
                    context.getBean(StatsPage.class).all(List.of(1L, 2L, 3L));
                    assertThat(database.queries).hasSize(2);
                });
    }
}
