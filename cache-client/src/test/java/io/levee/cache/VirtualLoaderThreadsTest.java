package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Loaders on virtual threads where the JDK has them, and what is said where it has not. Each test has something to say on both: the
 * setting is taken or refused by the JDK that runs it, and where it is refused there is a client without it.
 */
class VirtualLoaderThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final boolean HERE = Runtime.version().feature() >= 21;

    /** Sooner than the end of the test. */
    private static void close(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private final Queue<Thread> ranOn = new ConcurrentLinkedQueue<>();

    private static boolean isVirtual(Thread thread) {
        try {
            return HERE && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("JDK 21 has it", e);
        }
    }

    private static CacheClient.Builder client(MemcachedNode node) {
        return Fleet.client(node).name("virtual").virtualLoaderThreads(HERE);
    }

    private ReadThroughCache.Builder<String, String> cache(CacheClient client) {
        return Fleet.strings(client, Fleet.name()).expireAfterWrite(LONG).loader(key -> {
            ranOn.add(Thread.currentThread());
            return "loaded";
        });
    }

    private void assertOnLoaderThreads(int loads) {
        assertThat(ranOn).hasSize(loads).allSatisfy(thread -> {
            assertThat(thread.getName()).matches("levee-virtual-loader-\\d+");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(isVirtual(thread)).isEqualTo(HERE);
        });
    }

    @Test
    void setting_onAJdkWithoutThem_isRefusedAndNamesTheJdk() {
        CacheClient.Builder builder = CacheClient.builder();
        if (HERE) {
            assertThat(builder.virtualLoaderThreads(true)).isSameAs(builder);
        } else {
            assertThatThrownBy(() -> builder.virtualLoaderThreads(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("cache client: virtualLoaderThreads must be false before JDK 21, and this is JDK "
                            + Runtime.version() + ", but is true");
        }
        CacheClient.builder().virtualLoaderThreads(false);
    }

    @Test
    void unlessTold_loaderThreadsArePlatformThreads() {
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient client = Fleet.client(node).build()) {
            cache(client).build().getAsync("k").join();

            assertThat(isVirtual(ranOn.element())).isFalse();
        }
    }

    @Test
    void loads_onThreadsOfTheClient_runOnVirtualOnes() {
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient client = client(node).build()) {
            ReadThroughCache<String, String> timed =
                    cache(client).loadTimeout(Fleet.PATIENT, Fleet.PATIENT).build();

            timed.get("get");
            timed.getAsync("async").join();
            timed.refresh("get").join();
            timed.getAll(List.of("one", "two"));

            assertOnLoaderThreads(5);
        }
    }

    @Test
    void manyLoads_areBoundedAllTheSame() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient client = client(node).build()) {
            ReadThroughCache<String, String> cache = Fleet.strings(client, Fleet.name())
                    .expireAfterWrite(LONG)
                    .maxConcurrentLoads(3)
                    .loader(key -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        ranOn.add(Thread.currentThread());
                        running.decrementAndGet();
                        return "v" + key;
                    })
                    .build();

            List<CompletableFuture<String>> calls = IntStream.range(0, 500)
                    .mapToObj(i -> cache.getAsync("k" + i))
                    .toList();
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).join()).isEqualTo("vk" + i);
            }

            assertThat(most.get()).isBetween(1, 3);
            assertOnLoaderThreads(500);
        }
    }

    @Test
    void close_whileALoaderRuns_interruptsItAndLeavesNoThread() {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient client = client(node).build()) {
            ReadThroughCache<String, String> cache = Fleet.strings(client, Fleet.name())
                    .expireAfterWrite(LONG)
                    .loader(key -> {
                        ranOn.add(Thread.currentThread());
                        loading.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            throw e;
                        }
                        return "never";
                    })
                    .build();
            CompletableFuture<String> call = cache.getAsync("k");
            Caller.awaitLatch(loading);

            close(client);

            Caller.awaitLatch(interrupted);
            assertThat(call)
                    .failsWithin(Fleet.PATIENT)
                    .withThrowableThat()
                    .withCauseInstanceOf(CacheClosedException.class);
            await().untilAsserted(() -> assertThat(ranOn).noneMatch(Thread::isAlive));
            assertOnLoaderThreads(1);
        }
    }

    @Test
    void close_fromInsideALoader_endsTheCallAndTheThread() {
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient client = client(node).build()) {
            ReadThroughCache<String, String> cache = Fleet.strings(client, Fleet.name())
                    .expireAfterWrite(LONG)
                    .loader(key -> {
                        ranOn.add(Thread.currentThread());
                        close(client);
                        return "loaded";
                    })
                    .build();

            assertThat(cache.getAsync("k"))
                    .failsWithin(Fleet.PATIENT)
                    .withThrowableThat()
                    .withCauseInstanceOf(CacheClosedException.class);

            await().untilAsserted(() -> assertThat(ranOn).noneMatch(Thread::isAlive));
            assertOnLoaderThreads(1);
        }
    }
}
