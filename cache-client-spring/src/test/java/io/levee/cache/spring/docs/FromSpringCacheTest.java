package io.levee.cache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.spring.Application;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.docs.Site.Pledge;
import io.levee.cache.spring.docs.Site.ProjectStats;
import io.levee.examples.memcached.MemcachedNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;

/** What docs/from-spring-cache.md says is what happens, to the very code that stands there. */
class FromSpringCacheTest {
    private static final Page PAGE = Page.read("from-spring-cache");
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

    private static Class<?> block(String heading, int number) {
        return BlockCompiler.compile(PAGE.under(heading, "java", number), node.address());
    }

    private static ApplicationContextRunner with(Class<?> pages) {
        return Pages.application(node, pages).withUserConfiguration(Application.Caching.class);
    }

    @Test
    void after_calledTwiceAndWrittenBetween_asksTheDatabaseTwice() {
        with(block("One method", 2)).run(FromSpringCacheTest::checkReadsAndWrites);
    }

    @Test
    void after_withoutEnableCaching_worksTheSame() {
        Pages.application(node, block("One method", 2)).run(FromSpringCacheTest::checkReadsAndWrites);
    }

    @Test
    void after_ofNull_isRememberedByItsCacheAbsent() {
        with(block("One method", 2)).run(context -> {
            assertThat(stats(context, 8)).isNull();
            assertThat(stats(context, 8)).isNull();
            assertThat(queries(context, 8)).isEqualTo(1);
        });
    }

    @Test
    void before_withTheLeastChange_runsOnLeveeAsItIs() {
        with(block("One method", 1))
                .withPropertyValues(Pages.propertiesOn(PAGE.under("The least change", "properties", 1), node))
                .run(context -> {
                    checkReadsAndWrites(context);
                    assertThat(context.getBean(LeveeCaches.class).all()).hasSize(1);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "caffeine"})
    void rollOut_besideTheOldManager_writersEvictBothCaches(String type) {
        with(block("Rolling it out", 1))
                .withPropertyValues("spring.cache.type=" + type)
                .run(context -> {
                    save(context, 7, 1);
                    Object pages = pages(context);
                    assertThat(Pages.call(pages, "stats", 7L)).isEqualTo(new ProjectStats(7, 1));
                    assertThat(Pages.call(pages, "statsOfLevee", 7L)).isEqualTo(new ProjectStats(7, 1));
                    assertThat(context.getBean(CacheManager.class)
                                    .getCache("project-stats")
                                    .get(7L))
                            .isNotNull();

                    save(context, 7, 2);

                    assertThat(Pages.call(pages, "stats", 7L)).isEqualTo(new ProjectStats(7, 3));
                    assertThat(Pages.call(pages, "statsOfLevee", 7L)).isEqualTo(new ProjectStats(7, 3));
                    assertThat(queries(context, 7)).as("two of each cache").isEqualTo(4);
                });
    }

    @Test
    void rollOut_aWriterOfReleaseOne_isSeenByAReaderOfReleaseTwo() {
        Class<?> both = block("Rolling it out", 1);
        with(both).withPropertyValues("spring.cache.type=simple").run(first -> {
            save(first, 7, 1);
            with(both).withPropertyValues("spring.cache.type=simple").run(second -> {
                second.getBean(Site.StatsDatabase.class).save(new Pledge(7, 1));
                assertThat(Pages.call(pages(second), "statsOfLevee", 7L)).isEqualTo(new ProjectStats(7, 1));

                second.getBean(Site.StatsDatabase.class).save(new Pledge(7, 4));
                save(first, 7, 4);

                assertThat(Pages.call(pages(second), "statsOfLevee", 7L)).isEqualTo(new ProjectStats(7, 5));
            });
        });
    }

    @Test
    void switchedOff_readThroughMethods_justRun() {
        Pages.application(node, block("One method", 2))
                .withPropertyValues("levee.enabled=false")
                .run(context -> {
                    save(context, 7, 1);
                    stats(context, 7);
                    stats(context, 7);
                    assertThat(queries(context, 7)).isEqualTo(2);
                });
    }

    @Test
    void switchedOff_withCacheTypeNone_cacheableMethodsJustRun() {
        with(block("One method", 1))
                .withPropertyValues("levee.enabled=false", "spring.cache.type=none")
                .run(context -> {
                    save(context, 7, 1);
                    stats(context, 7);
                    stats(context, 7);
                    assertThat(queries(context, 7)).isEqualTo(2);
                });
    }

    @Test
    void nodesDead_callers_areServedByTheFallback() {
        with(block("One method", 2)).run(context -> {
            save(context, 7, 1);
            stats(context, 7);
            node.kill();
            assertThat(stats(context, 7)).isEqualTo(new ProjectStats(7, 1));
            assertThat(queries(context, 7)).isEqualTo(1);
        });
    }

    @Test
    void keys_ofEachKind_areInMemcachedAsThePageSays() throws Exception {
        String[] prefixed = Pages.propertiesOn(PAGE.under("One method", "properties", 1), node);
        with(block("One method", 2)).withPropertyValues(prefixed).run(context -> stats(context, 42));
        assertThat(Pages.isTaken(node, "shop/project-stats:42")).isTrue();
        assertThat(Pages.isTaken(node, "shop/project-stats:42L")).isFalse();

        with(block("One method", 1))
                .withPropertyValues(prefixed)
                .withPropertyValues("levee.dynamic-caches=*")
                .run(context -> stats(context, 43));
        assertThat(Pages.isTaken(node, "shop/project-stats:43L")).isTrue();
    }

    private static void checkReadsAndWrites(AssertableApplicationContext context) throws Exception {
        save(context, 7, 1);
        assertThat(stats(context, 7)).isEqualTo(new ProjectStats(7, 1));
        assertThat(stats(context, 7)).isEqualTo(new ProjectStats(7, 1));
        assertThat(queries(context, 7)).isEqualTo(1);
        save(context, 7, 2);
        assertThat(stats(context, 7)).isEqualTo(new ProjectStats(7, 3));
        assertThat(queries(context, 7)).isEqualTo(2);
    }

    private static Object pages(AssertableApplicationContext context) {
        return context.getBean("statsPages");
    }

    private static Object stats(AssertableApplicationContext context, long project) throws Exception {
        return Pages.call(pages(context), "stats", project);
    }

    private static void save(AssertableApplicationContext context, long project, long backers) throws Exception {
        Pages.call(pages(context), "save", new Pledge(project, backers));
    }

    private static long queries(AssertableApplicationContext context, long project) {
        return context.getBean(Site.StatsDatabase.class).table.queriesFor(project);
    }
}
