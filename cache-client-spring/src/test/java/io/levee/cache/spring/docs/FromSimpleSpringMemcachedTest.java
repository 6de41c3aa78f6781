package io.levee.cache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.docs.Site.Pledge;
import io.levee.cache.spring.docs.Site.ProjectStats;
import io.levee.examples.memcached.MemcachedNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

/** What docs/from-simple-spring-memcached.md says is what happens, to the very code that stands there. */
class FromSimpleSpringMemcachedTest {
    private static final Page PAGE = Page.read("from-simple-spring-memcached");
    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void empty() {
        node.restart();
    }

    private static Class<?> block(String heading) {
        return BlockCompiler.compile(PAGE.under(heading, "java", 1), node.address());
    }

    /** With one backer of each of the first three projects. */
    private static void run(ContextConsumer<AssertableApplicationContext> test) {
        Pages.application(node, block("All of them"), new Pledge(1, 1), new Pledge(2, 1), new Pledge(3, 1))
                .withUserConfiguration(Application.Caching.class)
                .run(test);
    }

    @Test
    void oneMethod_calledTwice_runsOnce() {
        Pages.application(node, block("One method")).run(context -> {
            database(context).save(new Pledge(7, 1));
            Object bean = context.getBean("oneMethod");
            assertThat(Pages.call(bean, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
            assertThat(Pages.call(bean, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
            assertThat(Pages.call(bean, "stats", 8L)).isNull();
            assertThat(Pages.call(bean, "stats", 8L)).isNull();
            assertThat(queries(context, 7)).isEqualTo(1);
            assertThat(queries(context, 8)).isEqualTo(1);
        });
    }

    @Test
    void manyIds_someCached_runsForTheOthers() {
        run(context -> {
            call(context, "stats", 2L);
            assertThat(call(context, "stats", List.of(1L, 2L, 9L)))
                    .isEqualTo(Map.of(1L, new ProjectStats(1, 1), 2L, new ProjectStats(2, 1)));
            assertThat(database(context).table.queries).contains(List.of(1L, 9L));
            call(context, "stats", 9L);
            assertThat(queries(context, 9)).as("an id that was left out").isEqualTo(1);
        });
    }

    @Test
    void assignedKey_keptWarm_isReadFromTheCache() {
        run(context -> {
            assertThat(call(context, "frontPage")).isEqualTo(List.of(new ProjectStats(1, 1)));
            long before = queries(context, 1);
            call(context, "frontPage");
            assertThat(queries(context, 1)).isEqualTo(before);
        });
    }

    @Test
    void severalArguments_someInTheKey_areOneKey() {
        run(context -> {
            call(context, "backers", 2L, 2015, Locale.ROOT);
            call(context, "backers", 2L, 2015, Locale.FRANCE);
            assertThat(queries(context, 2)).isEqualTo(1);

            call(context, "recountYear", 2L, 2014);
            call(context, "backers", 2L, 2015, Locale.ROOT);
            assertThat(queries(context, 2)).as("another year").isEqualTo(1);

            call(context, "recountYear", 2L, 2015);
            call(context, "backers", 2L, 2015, Locale.ROOT);
            assertThat(queries(context, 2)).isEqualTo(2);
        });
    }

    @Test
    void updates_ofEachKind_areReadFromTheCache() {
        run(context -> {
            call(context, "stats", 2L);
            database(context).save(new Pledge(2, 1));
            call(context, "recount", 2L);
            assertThat(call(context, "stats", 2L)).isEqualTo(new ProjectStats(2, 2));
            call(context, "replace", 2L, new ProjectStats(2, 50));
            assertThat(call(context, "stats", 2L)).isEqualTo(new ProjectStats(2, 50));
            assertThat(queries(context, 2)).as("one load, one recount").isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"save", "saveAll", "recountAll"})
    void invalidations_ofEachKind_loadAnew(String method) {
        run(context -> {
            call(context, "stats", List.of(2L, 3L));
            database(context).save(new Pledge(2, 5));
            switch (method) {
                case "save" -> call(context, method, 2L, 1L);
                case "saveAll" -> call(context, method, List.of(2L), 1L);
                default -> {
                    database(context).save(new Pledge(2, 1));
                    call(context, method, List.of(2L));
                }
            }
            assertThat(call(context, "stats", 2L)).isEqualTo(new ProjectStats(2, 7));
            call(context, "stats", 3L);
            assertThat(queries(context, 3)).as("the other key").isEqualTo(1);
        });
    }

    @Test
    void publish_ofTheFrontPage_clearsIt() {
        run(context -> {
            assertThat(call(context, "frontPage")).isEqualTo(List.of(new ProjectStats(1, 1)));
            database(context).save(new Pledge(1, 1));
            call(context, "publish");
            assertThat(call(context, "frontPage")).isEqualTo(List.of(new ProjectStats(1, 2)));
        });
    }

    @Test
    void keys_withoutAPrefix_areThoseOfSsm() throws Exception {
        Pages.application(node, block("One method")).run(context -> {
            database(context).save(new Pledge(7, 1));
            Pages.call(context.getBean("oneMethod"), "stats", 7L);
        });
        assertThat(Pages.isTaken(node, "project-stats:7")).isTrue();
    }

    @Test
    void withoutTheStarter_itsCaches_areBeansOfAnySpring() {
        Class<?> configuration = block("Without Spring Boot 4");
        new ApplicationContextRunner()
                .withClassLoader(configuration.getClassLoader())
                .withBean("database", Site.StatsDatabase.class, Site.StatsDatabase::new)
                .withUserConfiguration(configuration)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    database(context).save(new Pledge(7, 1));
                    @SuppressWarnings("unchecked")
                    ReadThroughCache<Long, ProjectStats> cache = context.getBean(ReadThroughCache.class);
                    assertThat(cache.get(7L)).isEqualTo(new ProjectStats(7, 1));
                    assertThat(cache.getAll(List.of(7L, 8L))).containsOnlyKeys(7L);
                    database(context).save(new Pledge(7, 1));
                    cache.invalidate(7L);
                    assertThat(cache.get(7L)).isEqualTo(new ProjectStats(7, 2));
                });
        Pages.application(node, block("One method"))
                .withPropertyValues(Pages.propertiesOn(PAGE.under("One method", "properties", 1), node))
                .run(context -> {
                    assertThat(Pages.call(context.getBean("oneMethod"), "stats", 7L))
                            .as("the annotated method has the same keys and values: release 3 stays warm")
                            .isEqualTo(new ProjectStats(7, 2));
                    assertThat(queries(context, 7)).isZero();
                });
    }

    private static Object call(AssertableApplicationContext context, String method, Object... arguments)
            throws Exception {
        return Pages.call(context.getBean("statsPages"), method, arguments);
    }

    private static Site.StatsDatabase database(AssertableApplicationContext context) {
        return context.getBean(Site.StatsDatabase.class);
    }

    private static long queries(AssertableApplicationContext context, long project) {
        return database(context).table.queriesFor(project);
    }
}
