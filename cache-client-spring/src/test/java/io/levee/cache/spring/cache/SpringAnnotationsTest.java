package io.levee.cache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.spring.Application;
import io.levee.cache.spring.cache.Library.Book;
import io.levee.cache.spring.cache.Library.ShelfException;
import io.levee.examples.memcached.MemcachedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.test.util.AopTestUtils;

/** Spring's cache annotations on a real node, with and without a near cache: what Spring's documentation says that they do. */
class SpringAnnotationsTest {
    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static ApplicationContextRunner application(String near) {
        node.restart();
        return Application.on(node)
                .withUserConfiguration(Application.Caching.class)
                .withBean(Library.class)
                .withPropertyValues("levee.dynamic-caches=books,lists,numbers", "levee.defaults.near-cache=" + near);
    }

    private static void run(String near, BiConsumer<Library, AssertableApplicationContext> test) {
        application(near).run(context -> {
            Library library = context.getBean(Library.class);
            library.save(new Book(1, "Njála"));
            context.getBean(CacheManager.class).getCache("books").clear();
            test.accept(library, context);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1m"})
    void cacheable_calledTwice_readsOnce(String near) {
        run(near, (library, context) -> {
            assertThat(library.find(1)).isEqualTo(new Book(1, "Njála"));
            assertThat(library.find(1)).isEqualTo(new Book(1, "Njála"));
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1m"})
    void cacheable_ofNull_isRememberedToo(String near) {
        run(near, (library, context) -> {
            assertThat(library.find(2)).isNull();
            assertThat(library.find(2)).isNull();
            assertThat(library.findMaybe(2)).isEmpty();
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void cacheableOfNull_withCacheAbsentOff_isNotRemembered() {
        application("0s").withPropertyValues("levee.defaults.cache-absent=0s").run(context -> {
            Library library = context.getBean(Library.class);
            library.find(2);
            library.find(2);
            assertThat(reads(context)).isEqualTo(2);
        });
    }

    @Test
    void cacheableOfNull_withCacheAbsent_isRememberedAsAbsence() {
        application("0s").withPropertyValues("levee.defaults.cache-absent=1m").run(context -> {
            CacheManager caches = context.getBean(CacheManager.class);
            caches.getCache("books").put(2L, null);

            await().until(() -> caches.getCache("books").get(2L) != null);
            assertThat(caches.getCache("books").get(2L).get()).isNull();
        });
    }

    @Test
    void cacheableOptional_ofAValue_sharesItWithPlainMethods() {
        run("0s", (library, context) -> {
            assertThat(library.findMaybe(1)).contains(new Book(1, "Njála"));
            assertThat(library.find(1)).isEqualTo(new Book(1, "Njála"));
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void cacheable_conditionAndUnless_areHeeded() {
        run("0s", (library, context) -> {
            library.findSome(1);
            library.findSome(1);
            library.findSome(101);
            library.findSome(101);
            assertThat(reads(context)).isEqualTo(4);
        });
    }

    @Test
    void cacheable_severalArguments_areOneKey() {
        run("0s", (library, context) -> {
            assertThat(library.byPrefix("Nj", 3)).containsExactly(new Book(1, "Njála"));
            assertThat(library.byPrefix("Nj", 3)).containsExactly(new Book(1, "Njála"));
            assertThat(library.byPrefix("Nj", 0)).isEmpty();
            assertThat(reads(context)).isEqualTo(2);
        });
    }

    @Test
    void cacheable_noArgumentAndAPrimitive_isCached() {
        run("0s", (library, context) -> {
            assertThat(library.count()).isEqualTo(1);
            assertThat(library.count()).isEqualTo(1);
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void sync_manyCallersOfOneKey_readOnce() {
        run("0s", (library, context) -> {
            ExecutorService callers = Executors.newFixedThreadPool(16);
            try {
                List<Callable<Book>> calls = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    calls.add(() -> library.findOnce(1));
                }
                for (Future<Book> found : callers.invokeAll(calls)) {
                    assertThat(found.get()).isEqualTo(new Book(1, "Njála"));
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                callers.shutdownNow();
            }
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void sync_methodThrows_callerGetsItsOwnException() {
        run("0s", (library, context) -> {
            target(context).down = true;

            assertThatThrownBy(() -> library.findOnce(1)).isExactlyInstanceOf(ShelfException.class);
        });
    }

    @Test
    void cachePut_ofAKnownKey_replacesItsValue() {
        run("0s", (library, context) -> {
            library.find(1);
            library.save(new Book(1, "Egla"));
            assertThat(library.find(1)).isEqualTo(new Book(1, "Egla"));
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void cacheEvict_ofAKey_readsItAgain() {
        run("1m", (library, context) -> {
            library.find(1);
            library.remove(1);
            assertThat(library.find(1)).isNull();
            assertThat(reads(context)).isEqualTo(2);
        });
    }

    @Test
    void cacheEvict_methodThrows_evictsOnlyBeforeInvocation() {
        run("1m", (library, context) -> {
            library.find(1);
            assertThatThrownBy(() -> library.failToRemove(1)).isInstanceOf(IllegalStateException.class);
            library.find(1);
            assertThat(reads(context)).isEqualTo(1);
            assertThatThrownBy(() -> library.removeAndFail(1)).isInstanceOf(IllegalStateException.class);
            library.find(1);
            assertThat(reads(context)).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cacheEvict_allEntries_readsAllAgain(boolean before) {
        run("1m", (library, context) -> {
            library.find(1);
            library.find(2);
            if (before) {
                library.removeAllBefore();
            } else {
                library.removeAll();
            }
            library.find(1);
            library.find(2);
            assertThat(reads(context)).isEqualTo(4);
        });
    }

    @Test
    void caching_severalOperations_areAllDone() {
        run("0s", (library, context) -> {
            library.byPrefix("", 9);
            library.count();
            library.saveEverywhere(new Book(3, "Grettla"));
            assertThat(library.find(3)).isEqualTo(new Book(3, "Grettla"));
            assertThat(library.byPrefix("", 9)).hasSize(2);
            assertThat(library.count()).isEqualTo(2);
            assertThat(reads(context)).isEqualTo(4);
        });
    }

    @Test
    void cache_thatNobodyDeclared_isSpringsUsualError() {
        run(
                "0s",
                (library, context) -> assertThatThrownBy(library::unknown)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("Cannot find cache named 'unheard-of'"));
    }

    @Test
    void anotherProcess_withTheSameMethods_readsWhatThisOneKept() {
        ApplicationContextRunner application = application("0s");
        application.run(here -> {
            target(here).table.put(1L, new Book(1, "Njála"));
            here.getBean(Library.class).find(1);
            here.getBean(Library.class).find(2);
            application.run(there -> {
                assertThat(there.getBean(Library.class).find(1)).isEqualTo(new Book(1, "Njála"));
                assertThat(there.getBean(Library.class).find(2)).isNull();
                assertThat(reads(there)).isZero();
            });
        });
    }

    private static Library target(AssertableApplicationContext context) {
        return AopTestUtils.getTargetObject(context.getBean(Library.class));
    }

    private static int reads(AssertableApplicationContext context) {
        return target(context).reads.get();
    }
}
