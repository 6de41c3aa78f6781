package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of callers, futures and threads when the client is closed. */
class CloseTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final String clientName = "close-" + CLIENTS.incrementAndGet();
    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private MemcachedNode node;
    private CacheClient client;

    @BeforeEach
    void start() {
        node = MemcachedNode.builder().start();
        client = Fleet.client(node).name(clientName).build();
    }

    @AfterEach
    void stop() {
        finish.countDown();
        client.close();
        node.close();
    }

    private ReadThroughCache.Builder<String, String> cache() {
        return Fleet.strings(client, name).expireAfterWrite(LONG).loader(this::hang);
    }

    private String hang(String key) throws InterruptedException {
        loads.incrementAndGet();
        loading.countDown();
        finish.await();
        return "late";
    }

    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("levee-" + clientName + "-"))
                .toList();
    }

    private void assertNoThreadIsLeft() {
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void close_whileCallersWaitForTheNode_endsThem() {
        ReadThroughCache<String, String> cache = cache().build();
        cache.invalidate("connected");
        node.hang();
        Caller<String> waiting = Caller.start(() -> cache.get("k")).awaitParked();
        CompletableFuture<String> future = cache.getAsync("k");
        assertThat(waiting.isDone() || future.isDone()).isFalse();

        client.close();

        assertThat(waiting.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(future)
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertThat(loads).as("nothing is loaded any more").hasValue(0);
        assertNoThreadIsLeft();
    }

    @Test
    void close_whileCallersWaitForAPermit_endsThem() throws Exception {
        ReadThroughCache<String, String> cache = cache().maxConcurrentLoads(1).build();
        Caller<String> running = Caller.start(() -> cache.get("first"));
        Caller.awaitLatch(loading);
        Caller<String> waiting = Caller.start(() -> cache.get("k"));
        CompletableFuture<String> future = cache.getAsync("other");
        await().until(() -> Flights.of(cache) == 3);

        client.close();

        assertThat(waiting.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(future)
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        finish.countDown();
        assertThat(running.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(loads).hasValue(1);
        assertThat(Flights.of(cache)).isZero();
        assertNoThreadIsLeft();
    }

    @Test
    void close_whileCallersWaitForAnothersLoad_endsThem() {
        ReadThroughCache<String, String> cache = cache().build();
        Caller<String> leader = Caller.start(() -> cache.get("k"));
        Caller.awaitLatch(loading);
        Caller<String> follower = Caller.start(() -> cache.get("k"));
        CompletableFuture<String> future = cache.getAsync("k");
        await().until(() -> cache.stats().coalesced() == 2);

        client.close();

        assertThat(follower.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(future)
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertThat(leader.isDone()).as("its loader runs on its own thread").isFalse();
        finish.countDown();
        assertThat(leader.failure()).isInstanceOf(CacheClosedException.class);
        assertNoThreadIsLeft();
    }

    @Test
    void close_whileACallerWaitsForTheLeaseOfAnotherProcess_endsIt() {
        ReadThroughCache<String, String> cache = cache().build();
        assertThat(new MemcachedLine(node).say("mg " + name + ":k v N60")).startsWith("VA 0 W");
        Caller<String> waiting = Caller.start(() -> cache.get("k"));
        await().until(() -> cache.stats().leaseWaits() == 1);

        client.close();

        assertThat(waiting.failure()).isInstanceOf(CacheClosedException.class);
        assertThat(loads).hasValue(0);
        assertNoThreadIsLeft();
    }

    @Test
    void close_whileALoaderRunsOnAThreadOfTheClient_interruptsIt() {
        ReadThroughCache<String, String> cache = cache().build();
        CompletableFuture<String> future = cache.getAsync("k");
        Caller.awaitLatch(loading);

        client.close();

        assertThat(future)
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertNoThreadIsLeft();
    }

    @Test
    void close_fromInsideALoaderOfTheCaller_doesNotHang() {
        ReadThroughCache<String, String> cache = cache().build();

        Caller<String> caller = Caller.start(() -> cache.get("k", key -> {
            client.close();
            return "loaded";
        }));

        assertThat(caller.failure()).isInstanceOf(CacheClosedException.class);
        assertNoThreadIsLeft();
    }

    @Test
    void close_fromInsideALoaderOfTheClientsThread_doesNotHang() {
        ReadThroughCache<String, String> cache = Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .loader(key -> {
                    client.close();
                    return "loaded";
                })
                .build();

        assertThat(cache.getAsync("k"))
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertNoThreadIsLeft();
    }

    @Test
    void close_fromWhatFollowsAFuture_doesNotWaitForItself() throws Exception {
        ReadThroughCache<String, String> cache = Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .loader(this::hang)
                .build();
        CountDownLatch onTheClientsThread = new CountDownLatch(1);

        CompletableFuture<Long> tookNanos = cache.getAsync("k").thenApply(value -> {
            if (Thread.currentThread().getName().startsWith("levee-")) {
                onTheClientsThread.countDown();
            }
            long before = System.nanoTime();
            client.close();
            return System.nanoTime() - before;
        });
        finish.countDown();

        // It would be five seconds, which is what close() gives threads to end.
        assertThat(tookNanos.get(20, TimeUnit.SECONDS)).isLessThan(TimeUnit.SECONDS.toNanos(4));
        assertThat(onTheClientsThread.await(0, TimeUnit.SECONDS)).isTrue();
        assertNoThreadIsLeft();
    }

    @Test
    void close_twiceAndAtOnce_closesOnce() throws Exception {
        cache().build().get("k", key -> "v");

        for (Caller<Void> caller : Caller.<Void>start(4, () -> {
            client.close();
            return null;
        })) {
            caller.result();
        }

        client.close();
        assertNoThreadIsLeft();
    }

    @Test
    void calls_afterClose_areRefused() {
        ReadThroughCache<String, String> cache = cache().nearCache(LONG).build();
        cache.put("k", "v");
        assertThat(cache.get("k")).isEqualTo("v");

        client.close();

        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(CacheClosedException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> cache.get("k", key -> "v")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.lookup("k")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.peek("k")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.put("k", "w")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.invalidate("k")).isInstanceOf(CacheClosedException.class);
        assertThat(cache.getAsync("k"))
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertThat(cache.refresh("k"))
                .failsWithin(Fleet.PATIENT)
                .withThrowableThat()
                .withCauseInstanceOf(CacheClosedException.class);
        assertThat(cache.stats().nearHits()).isEqualTo(1);
        assertThat(cache.name()).isEqualTo(name);
        assertThat(client.health().nodes()).hasSize(1);
        assertThat(loads).hasValue(0);
    }

    @Test
    void build_afterClose_isRefused() {
        ReadThroughCache.Builder<String, String> begun = cache();

        client.close();

        assertThatThrownBy(begun::build)
                .isInstanceOf(CacheClosedException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("closed");
    }

    @Test
    void close_whileManyCallsComeIn_leavesNoneHanging() throws Exception {
        ReadThroughCache<String, String> cache = Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .maxConcurrentLoads(2)
                .loader(key -> key)
                .build();
        AtomicInteger served = new AtomicInteger();
        List<Caller<Void>> callers = Caller.start(12, () -> {
            for (int i = 0; ; i++) {
                try {
                    String key = "k" + i % 500;
                    String value = i % 3 == 0 ? cache.getAsync(key).get(20, TimeUnit.SECONDS) : cache.get(key);
                    assertThat(value).isEqualTo(key);
                    served.incrementAndGet();
                } catch (TimeoutException e) {
                    throw new AssertionError("a future was left hanging", e);
                } catch (Exception e) {
                    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
                    assertThat(cause).isInstanceOf(CacheClosedException.class);
                    return null;
                }
            }
        });
        await().until(() -> served.get() > 1_000);

        client.close();

        for (Caller<Void> caller : callers) {
            caller.result();
        }
        assertThat(Flights.of(cache)).isZero();
        assertNoThreadIsLeft();
    }
}
