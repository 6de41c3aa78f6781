package io.levee.cache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.spring.Application;
import io.levee.cache.spring.cache.Library.ShelfException;
import io.levee.examples.memcached.MemcachedNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.test.util.AopTestUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Cached methods that return futures, Monos and Fluxes, on a real node. */
class FuturesTest {
    record City(String name) {}

    /** What the annotations are on. */
    public static class Atlas {
        final AtomicInteger reads = new AtomicInteger();
        final AtomicReference<Thread> ranOn = new AtomicReference<>();

        private City read(String name) {
            reads.incrementAndGet();
            ranOn.set(Thread.currentThread());
            return name.isEmpty() ? null : new City(name);
        }

        @Cacheable("cities")
        public CompletableFuture<City> future(String name) {
            return CompletableFuture.completedFuture(read(name));
        }

        @Cacheable(cacheNames = "cities", sync = true)
        public CompletableFuture<City> futureOnce(String name) {
            return CompletableFuture.supplyAsync(() -> read(name));
        }

        @Cacheable(cacheNames = "cities", sync = true)
        public CompletableFuture<City> futureFails(String name) {
            return CompletableFuture.failedFuture(new ShelfException());
        }

        @Cacheable("cities")
        public Mono<City> mono(String name) {
            return Mono.fromSupplier(() -> read(name));
        }

        @Cacheable(cacheNames = "cities", sync = true)
        public Mono<City> monoOnce(String name) {
            return Mono.fromSupplier(() -> read(name));
        }

        @Cacheable("all-cities")
        public Flux<City> flux(int count) {
            return Flux.range(0, count).map(n -> read("city " + n));
        }

        @Cacheable(cacheNames = "all-cities", sync = true)
        public Flux<City> fluxOnce(int count) {
            return Flux.range(0, count).map(n -> read("city " + n));
        }

        @CachePut("cities")
        public Mono<City> rename(String name) {
            return Mono.just(new City(name + "!"));
        }

        @CacheEvict("cities")
        public CompletableFuture<Void> forget(String name) {
            return CompletableFuture.completedFuture(null);
        }
    }

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
                .withBean(Atlas.class)
                .withPropertyValues("levee.dynamic-caches=*cities");
    }

    private static void run(BiConsumer<Atlas, AssertableApplicationContext> test) {
        application().run(context -> test.accept(context.getBean(Atlas.class), context));
    }

    private static int reads(AssertableApplicationContext context) {
        return AopTestUtils.<Atlas>getTargetObject(context.getBean(Atlas.class))
                .reads
                .get();
    }

    @Test
    void future_askedForTwice_isReadOnce() {
        run((atlas, context) -> {
            assertThat(atlas.future("Höfn").join()).isEqualTo(new City("Höfn"));
            assertThat(atlas.future("Höfn").join()).isEqualTo(new City("Höfn"));
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void future_ofNull_isReadOnce() {
        run((atlas, context) -> {
            assertThat(atlas.future("").join()).isNull();
            assertThat(atlas.future("").join()).isNull();
            assertThat(atlas.futureOnce("").join()).isNull();
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void syncFutures_manyAtOnce_areReadOnce() {
        run((atlas, context) -> {
            List<CompletableFuture<City>> all = IntStream.range(0, 64)
                    .mapToObj(i -> atlas.futureOnce("Höfn"))
                    .toList();
            assertThat(all).allSatisfy(city -> assertThat(city.join()).isEqualTo(new City("Höfn")));
            assertThat(reads(context)).isEqualTo(1);
        });
    }

    @Test
    void syncFuture_thatFails_failsWithItsOwnException() {
        run((atlas, context) -> assertThatThrownBy(() -> atlas.futureFails("x").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ShelfException.class));
    }

    @Test
    void mono_askedForTwice_isReadOnce() {
        run((atlas, context) -> {
            assertThat(atlas.mono("Höfn").block()).isEqualTo(new City("Höfn"));
            assertThat(atlas.mono("Höfn").block()).isEqualTo(new City("Höfn"));
            assertThat(atlas.monoOnce("Höfn").block()).isEqualTo(new City("Höfn"));
            assertThat(atlas.monoOnce("Vík").block()).isEqualTo(new City("Vík"));
            assertThat(atlas.mono("Vík").block()).isEqualTo(new City("Vík"));
            assertThat(reads(context)).isEqualTo(2);
        });
    }

    @Test
    void flux_askedForTwice_isReadOnce() {
        run((atlas, context) -> {
            assertThat(atlas.flux(3).collectList().block()).hasSize(3).first().isEqualTo(new City("city 0"));
            assertThat(atlas.flux(3).collectList().block()).hasSize(3).first().isEqualTo(new City("city 0"));
            assertThat(atlas.fluxOnce(3).collectList().block()).hasSize(3);
            assertThat(reads(context)).isEqualTo(3);
        });
    }

    @Test
    void putAndEvict_onPromises_areDone() {
        run((atlas, context) -> {
            atlas.rename("Höfn").block();
            assertThat(atlas.future("Höfn").join()).isEqualTo(new City("Höfn!"));
            atlas.forget("Höfn").join();
            assertThat(atlas.future("Höfn").join()).isEqualTo(new City("Höfn"));
        });
    }

    @Test
    void methodOfAMissedFuture_runsOnNoThreadOfTheClient() {
        run((atlas, context) -> {
            atlas.future("Höfn").join();
            Thread ranOn = AopTestUtils.<Atlas>getTargetObject(context.getBean(Atlas.class))
                    .ranOn
                    .get();
            assertThat(ranOn.getName()).matches("levee-spring-answer-\\d+|main");
        });
    }

    @Test
    void everyPromise_nodeKilled_isKept() {
        run((atlas, context) -> {
            node.kill();
            assertThat(atlas.future("Höfn").join()).isEqualTo(new City("Höfn"));
            assertThat(atlas.futureOnce("Vík").join()).isEqualTo(new City("Vík"));
            assertThat(atlas.mono("Akureyri").block()).isEqualTo(new City("Akureyri"));
            assertThat(atlas.fluxOnce(2).collectList().block()).hasSize(2);
            assertThat(atlas.rename("Höfn").block()).isEqualTo(new City("Höfn!"));
            atlas.forget("Höfn").join();
        });
    }

    @Test
    void retrieve_nodeHangs_doesNotBlock() {
        run((atlas, context) -> {
            Cache cities = context.getBean(CacheManager.class).getCache("cities");
            node.hang();
            CompletableFuture<?> asked = cities.retrieve("Höfn");
            CompletableFuture<City> loaded =
                    cities.retrieve("Höfn", () -> CompletableFuture.completedFuture(new City("Höfn")));
            assertThat(asked).isNotDone();
            assertThat(loaded).isNotDone();
            node.resume();
            assertThat(loaded.join()).isEqualTo(new City("Höfn"));
            assertThat(asked.isCompletedExceptionally()).isFalse();
        });
    }

    @Test
    void write_onAThreadThatMustNotBlock_isDoneElsewhereInOrder() throws Exception {
        application().run(context -> {
            Cache cities = context.getBean(CacheManager.class).getCache("cities");
            cities.put("Höfn", new City("old"));
            node.hang();
            CountDownLatch returned = new CountDownLatch(1);
            Schedulers.parallel().schedule(() -> {
                cities.put("Höfn", new City("new"));
                cities.evict("Vík");
                cities.put("Höfn", new City("newer"));
                returned.countDown();
            });
            // The writes could not return one by one before the node answers.
            assertThat(returned.await(4, TimeUnit.SECONDS)).isTrue();
            node.resume();

            await().until(() -> cities.get("Höfn") != null
                    && new City("newer").equals(cities.get("Höfn").get()));
        });
    }
}
