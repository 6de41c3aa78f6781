package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.CacheSettings;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.method.StatsDatabase.DownException;
import io.levee.cache.spring.method.StatsDatabase.Stats;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;

/** Methods that load caches, one value a call, on a real node and a real database. */
class ReadThroughTest {
    /** Who asks, and about which project. */
    record Question(long project, String asker) {}

    static class StatsPage {
        private final StatsDatabase database;
        private final List<String> askers;

        StatsPage(StatsDatabase database, List<String> askers) {
            this.database = database;
            this.askers = askers;
        }

        @ReadThrough("stats")
        public Stats stats(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "brief", expireAfterWrite = "50ms", staleFor = "${stale:PT1H}")
        public Stats brief(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "maybe", cacheAbsent = "10m")
        public Optional<Stats> maybe(long project) throws DownException {
            return Optional.ofNullable(database.stats(project));
        }

        @ReadThrough("maybe-not")
        public Stats notRemembered(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "some", condition = "#project < 100")
        public Stats some(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "large", unless = "#result.backers < 10")
        public Stats large(long project) throws DownException {
            return database.stats(project);
        }

        @ReadThrough(cacheNames = "asked", key = "#question.project", refreshAfterWrite = "20ms")
        public Stats asked(Question question) throws DownException {
            askers.add(question.asker());
            return database.stats(question.project());
        }

        @ReadThrough("by-question")
        public Stats byQuestion(Question question) throws DownException {
            return database.stats(question.project());
        }

        @ReadThrough("by-both")
        public Stats byBoth(long project, String asker) throws DownException {
            return database.stats(project);
        }

        @ReadThrough("total")
        public long total() throws DownException {
            return database.stats(1).backers();
        }

        @CacheEvict("stats")
        public void forget(long project) {}
    }

    private static MemcachedNode node;
    private StatsDatabase database;
    private final List<String> askers = new CopyOnWriteArrayList<>();

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
        database.pledge(1, 10);
        database.pledge(2, 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ApplicationContextRunner application() {
        return Application.on(node).withBean(StatsPage.class, () -> new StatsPage(database, askers));
    }

    private interface Visit {
        void to(StatsPage page) throws Exception;
    }

    private void run(Visit visit) {
        application().run(context -> visit.to(context.getBean(StatsPage.class)));
    }

    @Test
    void method_calledTwice_queriesOnce() {
        run(page -> {
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(page.stats(2)).isEqualTo(new Stats(2, 2));
            assertThat(database.queries).containsExactly(List.of(1L), List.of(2L));
        });
    }

    @Test
    void method_withoutParametersOrWithMany_isCachedByThem() {
        run(page -> {
            assertThat(page.total()).isEqualTo(10);
            assertThat(page.total()).isEqualTo(10);
            assertThat(database.queries).hasSize(1);

            page.byQuestion(new Question(1, "a"));
            page.byQuestion(new Question(1, "a"));
            page.byQuestion(new Question(1, "b"));
            assertThat(database.queries).hasSize(3);

            page.byBoth(1, "a");
            page.byBoth(1, "a");
            page.byBoth(1, "b");
            assertThat(database.queries).hasSize(5);
        });
    }

    @Test
    void springsAnnotations_besideIt_useTheSameCache() {
        application().withUserConfiguration(Application.Caching.class).run(context -> {
            StatsPage page = context.getBean(StatsPage.class);
            page.stats(1);
            page.stats(1);
            page.forget(1);
            page.stats(1);
            assertThat(database.queries).hasSize(2);
        });
    }

    @Test
    void twoApplications_calledAtOnce_queryOnce() {
        application()
                .run(one -> application().run(other -> {
                    database.gate = new CountDownLatch(1);
                    ExecutorService callers = Executors.newFixedThreadPool(8);
                    try {
                        List<Future<Stats>> answers = new ArrayList<>();
                        for (int i = 0; i < 8; i++) {
                            StatsPage page = (i % 2 == 0 ? one : other).getBean(StatsPage.class);
                            answers.add(callers.submit(() -> page.stats(1)));
                        }
                        await().until(() -> !database.queries.isEmpty());
                        database.gate.countDown();
                        for (Future<Stats> answer : answers) {
                            assertThat(answer.get()).isEqualTo(new Stats(1, 10));
                        }
                    } finally {
                        callers.shutdownNow();
                    }
                    assertThat(database.queries).hasSize(1);
                }));
    }

    @Test
    void nodeAndDatabase_bothDown_staleValueIsServed() {
        application().withPropertyValues("levee.operation-timeout=300ms").run(context -> {
            StatsPage page = context.getBean(StatsPage.class);
            page.brief(1);
            node.kill();
            await().until(() -> context.getBean(CacheClient.class).health().status() == HealthStatus.DOWN);
            database.down = true;
            await().untilAsserted(() -> {
                assertThat(page.brief(1)).isEqualTo(new Stats(1, 10));
                // So it was out of date, and tried anew behind a caller.
                assertThat(database.queries).hasSizeGreaterThan(1);
            });
            assertThat(page.brief(1)).isEqualTo(new Stats(1, 10));
        });
    }

    @Test
    void node_killedOrNeverThere_costsALoadAndNoException() {
        run(page -> {
            node.kill();
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(database.queries).hasSize(1);
        });
        run(page -> {
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(page.stats(1)).isEqualTo(new Stats(1, 10));
            assertThat(database.queries).hasSize(2);
        });
    }

    @Test
    void exceptionOfTheMethod_reachesItsCaller_asItIs() {
        run(page -> {
            database.down = true;
            assertThatThrownBy(() -> page.stats(1)).isExactlyInstanceOf(DownException.class);
        });
    }

    @Test
    void absence_isRemembered_ifThatIsAskedFor() {
        run(page -> {
            assertThat(page.maybe(3)).isEmpty();
            assertThat(page.maybe(3)).isEmpty();
            assertThat(page.maybe(1)).contains(new Stats(1, 10));
            assertThat(page.maybe(1)).contains(new Stats(1, 10));
            assertThat(database.queries).hasSize(2);

            assertThat(page.notRemembered(3)).isNull();
            assertThat(page.notRemembered(3)).isNull();
            assertThat(database.queries).hasSize(4);
        });
    }

    @Test
    void condition_thatDoesNotHold_runsTheMethodEachTime() {
        run(page -> {
            page.some(1);
            page.some(1);
            assertThat(database.queries).hasSize(1);
            page.some(100);
            page.some(100);
            assertThat(database.queries).hasSize(3);
        });
    }

    @Test
    void unless_thatHolds_keepsNothing() {
        run(page -> {
            assertThat(page.large(1)).isEqualTo(new Stats(1, 10));
            assertThat(page.large(1)).isEqualTo(new Stats(1, 10));
            assertThat(database.queries).hasSize(1);
            assertThat(page.large(2)).isEqualTo(new Stats(2, 2));
            assertThat(page.large(2)).isEqualTo(new Stats(2, 2));
            assertThat(database.queries).hasSize(3);
        });
    }

    @Test
    void unless_thatHolds_answersAllWhoWaited() {
        run(page -> {
            database.gate = new CountDownLatch(1);
            ExecutorService callers = Executors.newFixedThreadPool(4);
            try {
                List<Future<Stats>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    answers.add(callers.submit(() -> page.large(2)));
                }
                await().until(() -> !database.queries.isEmpty());
                database.gate.countDown();
                for (Future<Stats> answer : answers) {
                    assertThat(answer.get()).isEqualTo(new Stats(2, 2));
                }
            } finally {
                callers.shutdownNow();
            }
        });
    }

    @Test
    void refreshBehindACall_runsWithThatCallsArguments() {
        run(page -> {
            page.asked(new Question(1, "first"));
            database.pledge(1, 1);
            await().until(() -> page.asked(new Question(1, "later")).backers() == 11);
            // As far as it is now: another refresh may be under way.
            List<String> asked = List.copyOf(askers);
            assertThat(asked.get(0)).isEqualTo("first");
            assertThat(asked.subList(1, asked.size())).isNotEmpty().containsOnly("later");
        });
    }

    @Test
    void nullAsKey_isRefused_withTheMethodNamed() {
        run(page -> assertThatIllegalArgumentException()
                .isThrownBy(() -> page.byQuestion(null))
                .withMessageContaining(StatsPage.class.getName() + ".byQuestion")
                .withMessageContaining("the key of cache \"by-question\" is null"));
    }

    @Test
    void settings_ofPropertiesAnnotationAndDefaults_haveThisOrder() {
        application()
                .withPropertyValues(
                        "stale=2m",
                        "levee.caches.brief.expire-after-write=40s",
                        "levee.defaults.stale-for=7m",
                        "levee.defaults.near-cache=3s")
                .run(context -> {
                    CacheSettings settings = context.getBean(LeveeCaches.class)
                            .find("brief")
                            .orElseThrow()
                            .settings();
                    assertThat(settings.expireAfterWrite()).isEqualTo(Duration.ofSeconds(40));
                    assertThat(settings.staleFor()).isEqualTo(Duration.ofMinutes(2));
                    assertThat(settings.nearCache()).isEqualTo(Duration.ofSeconds(3));
                });
    }

    /** For a proxy of interfaces. */
    interface Totals {
        @ReadThrough("totals")
        long total(long project) throws DownException;
    }

    /** It could be had by its interface too. */
    static class Sums implements Totals {
        private final StatsDatabase database;

        Sums(StatsDatabase database) {
            this.database = database;
        }

        @Override
        @ReadThrough("totals")
        public long total(long project) throws DownException {
            return database.stats(project).backers();
        }
    }

    @Test
    void proxies_areOfClasses_unlessTheApplicationWantsInterfaces() {
        ApplicationContextRunner sums = Application.on(node).withBean("sums", Sums.class, () -> new Sums(database));
        sums.run(context -> {
            assertThat(context.getBean(Sums.class).total(1)).isEqualTo(10);
            assertThat(context.getBean(Sums.class).total(1)).isEqualTo(10);
            assertThat(database.queries).hasSize(1);
        });
        sums.withPropertyValues("spring.aop.proxy-target-class=false").run(context -> {
            assertThat(context.getBean("sums")).isNotInstanceOf(Sums.class);
            assertThat(context.getBean(Totals.class).total(1)).isEqualTo(10);
            assertThat(database.queries).hasSize(1);
        });
    }

    @Test
    void interfaceWithTheAnnotation_behindAProxyOfInterfaces_isCached() {
        Application.on(node)
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(Totals.class, () -> project -> database.stats(project).backers())
                .run(context -> {
                    Totals totals = context.getBean(Totals.class);
                    assertThat(totals.total(1)).isEqualTo(10);
                    assertThat(totals.total(1)).isEqualTo(10);
                    assertThat(database.queries).hasSize(1);
                });
    }
}
