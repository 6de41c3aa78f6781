package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.method.StatsDatabase.DownException;
import io.levee.cache.spring.method.StatsDatabase.Stats;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Methods whose results are kept warm, whether or not anybody calls them. */
class PeriodicTest {
    static class Fixed {
        private final StatsDatabase database;

        Fixed(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough("fixed")
        @PeriodicWriteThrough(
                fixedRate = "${rate:100ms}",
                keys = {"1", "${front.page}", "#{{3, 4}}"})
        public Stats stats(long project) throws DownException {
            return database.stats(project);
        }
    }

    static class Supplied {
        private final StatsDatabase database;

        Supplied(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough("supplied")
        @PeriodicWriteThrough(fixedRate = "100ms", keySupplier = "frontPage")
        public Stats stats(Long project) throws DownException {
            return database.stats(project);
        }
    }

    static class Read {
        private final StatsDatabase database;

        Read(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough("read")
        @PeriodicWriteThrough(fixedRate = "100ms", keysReadWithin = "10m")
        public Stats stats(long project) throws DownException {
            return database.stats(project);
        }
    }

    static class Total {
        private final StatsDatabase database;

        Total(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough("total")
        @PeriodicWriteThrough(fixedRate = "100ms")
        public long total() throws DownException {
            return database.stats(1).backers();
        }
    }

    static class Vetoed {
        private final StatsDatabase database;

        Vetoed(StatsDatabase database) {
            this.database = database;
        }

        @ReadThrough(cacheNames = "vetoed", unless = "#result.backers < 100")
        @PeriodicWriteThrough(fixedRate = "200ms", keys = "1")
        public Stats stats(long project) throws DownException {
            return database.stats(project);
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

    private ApplicationContextRunner application() {
        return Application.on(node).withPropertyValues("front.page=2", "levee.defaults.expire-after-write=1h");
    }

    @Test
    void fixedKeys_withoutReaders_areLoadedAgainAndAgain() {
        application().withBean(Fixed.class, () -> new Fixed(database)).run(context -> {
            for (long project = 1; project <= 4; project++) {
                long each = project;
                await().until(() -> database.queriesFor(each) >= 3);
            }
            // And who reads then, finds what was written last.
            database.pledge(1, 1);
            await().until(() -> context.getBean(Fixed.class).stats(1).backers() == 11);
        });
    }

    @Test
    void readersOfWarmKeys_neverLoad() {
        application()
                .withBean(Fixed.class, () -> new Fixed(database))
                .withPropertyValues("rate=10m")
                .run(context -> {
                    await().until(() -> database.queriesFor(4) == 1);
                    for (int i = 0; i < 100; i++) {
                        assertThat(context.getBean(Fixed.class).stats(4)).isEqualTo(new Stats(4, 40));
                    }
                    assertThat(database.queriesFor(4)).isEqualTo(1);
                });
    }

    @Test
    void nodeKilled_roundsGoOn() {
        application()
                .withBean(Fixed.class, () -> new Fixed(database))
                .withPropertyValues("levee.caches.fixed.expire-after-write=500ms")
                .run(context -> {
                    await().until(() -> database.queriesFor(1) >= 2);
                    node.kill();
                    await().until(() ->
                            context.getBean(CacheClient.class).health().status() == HealthStatus.DOWN);
                    database.pledge(1, 1);
                    // By nobody's call: calls would be answered with the stale value, and load too.
                    long before = database.queriesFor(1);
                    await().until(() -> database.queriesFor(1) > before + 1);
                    assertThat(context.getBean(Fixed.class).stats(1)).isEqualTo(new Stats(1, 11));
                });
    }

    @Test
    void zero_isOff() {
        application()
                .withBean(Fixed.class, () -> new Fixed(database))
                .withPropertyValues("rate=0")
                .run(context -> {
                    assertThat(context.getBean(LeveeCaches.class)
                                    .find("fixed")
                                    .orElseThrow()
                                    .settings()
                                    .periodicWriteThrough())
                            .isEqualTo(Duration.ZERO);
                    context.getBean(Fixed.class).stats(1);
                    assertThat(database.queries).containsExactly(List.of(1L));
                });
    }

    @Test
    void suppliedKeys_areThoseOfTheMoment() {
        Set<Long> frontPage = ConcurrentHashMap.newKeySet();
        frontPage.add(1L);
        application()
                .withBean(Supplied.class, () -> new Supplied(database))
                .withBean("frontPage", Supplier.class, () -> () -> frontPage)
                .run(context -> {
                    await().until(() -> database.queriesFor(1) >= 2);
                    assertThat(database.queriesFor(2)).isZero();
                    frontPage.add(2L);
                    await().until(() -> database.queriesFor(2) >= 2);
                });
    }

    @Test
    void keysThatWereRead_areKeptWarm() {
        application().withBean(Read.class, () -> new Read(database)).run(context -> {
            context.getBean(Read.class).stats(3);
            await().until(() -> database.queriesFor(3) >= 3);
            assertThat(database.queriesFor(1)).isZero();
        });
    }

    @Test
    void resultThatUnlessForbids_isNotKept_untilItIsAllowed() {
        application().withBean(Vetoed.class, () -> new Vetoed(database)).run(context -> {
            await().until(() -> database.queriesFor(1) >= 2);
            assertThat(vetoed(context).peek(1L)).isEmpty();
            database.pledge(1, 100);
            await().until(() -> vetoed(context).peek(1L).isPresent());
        });
    }

    @SuppressWarnings("unchecked") // its keys are longs
    private static ReadThroughCache<Long, Stats> vetoed(AssertableApplicationContext context) {
        return (ReadThroughCache<Long, Stats>)
                context.getBean(LeveeCaches.class).find("vetoed").orElseThrow();
    }

    @Test
    void methodWithoutParameters_hasOneKey() {
        application().withBean(Total.class, () -> new Total(database)).run(context -> {
            await().until(() -> database.queriesFor(1) >= 3);
            database.pledge(1, 1);
            await().until(() -> context.getBean(Total.class).total() == 11);
        });
    }

    @Test
    void fleet_loadsAKeyOnceARound() {
        ApplicationContextRunner fleet =
                application().withBean(Fixed.class, () -> new Fixed(database)).withPropertyValues("rate=10m");
        fleet.run(one -> fleet.run(other -> {
            for (long project = 1; project <= 4; project++) {
                assertThat(other.getBean(Fixed.class).stats(project)).isNotNull();
            }
            assertThat(database.queries).hasSize(4);
        }));
    }
}
