package io.levee.cache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.cache.Library.Book;
import io.levee.examples.memcached.MemcachedNode;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.test.util.AopTestUtils;

/** Spring's cache annotations while memcached is dead or hangs: no method's caller sees it. */
class DeadNodesTest {
    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static ApplicationContextRunner application() {
        node.restart();
        return Application.on(node)
                .withUserConfiguration(Application.Caching.class)
                .withBean(Library.class)
                .withPropertyValues("levee.dynamic-caches=*", "levee.operation-timeout=300ms");
    }

    private static Library target(AssertableApplicationContext context) {
        return AopTestUtils.getTargetObject(context.getBean(Library.class));
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                call("@Cacheable", library -> library.find(1)),
                call("@Cacheable(sync)", DeadNodesTest::findOnce),
                call("@Cacheable Optional", library -> library.findMaybe(1)),
                call("@Cacheable of null", library -> library.find(99)),
                call("@CachePut", library -> library.save(new Book(1, "Egla"))),
                call("@CacheEvict", library -> library.remove(1)),
                call("@CacheEvict(allEntries)", Library::removeAll),
                call("@CacheEvict(allEntries, beforeInvocation)", Library::removeAllBefore),
                call(
                        "@CacheEvict(beforeInvocation)",
                        library -> assertThatThrownBy(() -> library.removeAndFail(1))
                                .isExactlyInstanceOf(IllegalStateException.class)),
                call("@Caching", library -> library.saveEverywhere(new Book(1, "Egla"))));
    }

    private static Arguments call(String annotation, Consumer<Library> call) {
        return Arguments.of(annotation, call);
    }

    private static void findOnce(Library library) {
        try {
            library.findOnce(1);
        } catch (Library.ShelfException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void call_nodeKilled_isAnswered(String annotation, Consumer<Library> call) {
        application().run(context -> {
            target(context).table.put(1L, new Book(1, "Njála"));
            call.accept(context.getBean(Library.class));
            node.kill();

            call.accept(context.getBean(Library.class));
            await().until(() -> context.getBean(CacheClient.class).health().status() == HealthStatus.DOWN);
            call.accept(context.getBean(Library.class));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void call_nodeHangs_isAnswered(String annotation, Consumer<Library> call) {
        application().run(context -> {
            target(context).table.put(1L, new Book(1, "Njála"));
            call.accept(context.getBean(Library.class));
            node.hang();

            call.accept(context.getBean(Library.class));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void call_nodeNeverThere_isAnswered(String annotation, Consumer<Library> call) {
        ApplicationContextRunner application = application();
        node.kill();

        application.run(context -> {
            target(context).table.put(1L, new Book(1, "Njála"));
            call.accept(context.getBean(Library.class));
            call.accept(context.getBean(Library.class));
        });
    }

    @Test
    void cacheable_nodeKilled_isServedWhatTheProcessKnows() {
        application().run(context -> {
            Library library = context.getBean(Library.class);
            target(context).table.put(1L, new Book(1, "Njála"));
            library.find(1);
            library.find(2);
            node.kill();
            await().until(() -> context.getBean(CacheClient.class).health().status() == HealthStatus.DOWN);

            assertThat(library.find(1)).isEqualTo(new Book(1, "Njála"));
            assertThat(library.find(2)).isNull();
            assertThat(target(context).reads).hasValue(2);

            // And what is learned meanwhile is kept too.
            library.find(3);
            library.find(3);
            assertThat(target(context).reads).hasValue(3);
        });
    }

    @Test
    void evicted_nodeKilledAndBack_isNotServed() {
        application().run(context -> {
            Library library = context.getBean(Library.class);
            target(context).table.put(1L, new Book(1, "Njála"));
            library.find(1);
            node.hang();
            library.remove(1);
            node.resume();
            await().until(() -> context.getBean(CacheClient.class).health().status() == HealthStatus.UP);

            assertThat(library.find(1)).isNull();
        });
    }

    @Test
    void sync_databaseDownAndValueStale_servesTheStaleValue() {
        application()
                .withPropertyValues("levee.caches.books.expire-after-write=50ms")
                .run(context -> {
                    Library library = context.getBean(Library.class);
                    target(context).table.put(1L, new Book(1, "Njála"));
                    assertThat(library.findOnce(1)).isEqualTo(new Book(1, "Njála"));
                    target(context).down = true;
                    // A stale value is no hit for Spring.
                    await().until(() -> context.getBean(CacheManager.class)
                                    .getCache("books")
                                    .get(1L)
                            == null);

                    assertThat(library.findOnce(1)).isEqualTo(new Book(1, "Njála"));
                    assertThat(target(context).reads.get()).isGreaterThan(1);
                });
    }

    @Test
    void cacheable_staleValue_isReadAgain() {
        application()
                .withPropertyValues("levee.caches.books.expire-after-write=50ms")
                .run(context -> {
                    Library library = context.getBean(Library.class);
                    target(context).table.put(1L, new Book(1, "Njála"));
                    library.find(1);
                    target(context).table.put(1L, new Book(1, "Egla"));

                    await().until(() -> library.find(1).equals(new Book(1, "Egla")));
                });
    }
}
