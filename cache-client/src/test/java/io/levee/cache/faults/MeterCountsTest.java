package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.CacheStats;
import io.levee.cache.LoadRejectedException;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.cache.monitor.CacheClientMetrics;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.MonitoredClient;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which count of a cache each of its meters tells: no two counts of a cache here are the same, so that none stands for another. */
class MeterCountsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Cluster cluster;
    private CacheClient client;
    private CacheClientMetrics metrics;

    @BeforeEach
    void start() {
        cluster = Cluster.of(1);
        client = cluster.patientClient().build();
        metrics = new CacheClientMetrics(client);
        metrics.bindTo(registry);
        Cluster.awaitUp(client, cluster.node(0));
    }

    @AfterEach
    void stop() {
        metrics.close();
        client.close();
        cluster.close();
    }

    private static ReadThroughCache.Builder<Long, String> cache(CacheClient of, String name) {
        return of.cache(name, Long.class, String.class)
                .loader(id -> "page " + id)
                .expireAfterWrite(Duration.ofMinutes(10));
    }

    private long value(ReadThroughCache<?, ?> cache, String meter, String... tags) {
        Meter found = registry.find(meter).tag("cache", cache.name()).tags(tags).meter();
        assertThat(found).as(meter + List.of(tags)).isNotNull();
        return (long) found.measure().iterator().next().getValue();
    }

    private void assertServed(ReadThroughCache<?, ?> cache, long near, long memcached, long stale, long fallback) {
        assertThat(value(cache, "levee.served", "source", "near")).isEqualTo(near);
        assertThat(value(cache, "levee.served", "source", "memcached")).isEqualTo(memcached);
        assertThat(value(cache, "levee.served", "source", "stale")).isEqualTo(stale);
        assertThat(value(cache, "levee.served", "source", "fallback")).isEqualTo(fallback);
        assertThat(value(cache, "cache.gets", "result", "hit")).isEqualTo(near + memcached + stale + fallback);
    }

    @Test
    void hits_areToldByTheirSource() {
        ReadThroughCache<Long, String> near =
                cache(client, "near").nearCache(Duration.ofMinutes(10)).build();
        ReadThroughCache<Long, String> plain = cache(client, "plain").build();
        for (ReadThroughCache<Long, String> cache : List.of(near, plain)) {
            cache.get(1L);
            await().atMost(Cluster.IN_THE_END).until(() -> cache.stats().writes() == 1);
            cache.get(1L);
            cache.get(1L);
        }
        assertServed(near, 2, 0, 0, 0);
        assertServed(plain, 0, 2, 0, 0);

        cluster.node(0).kill();
        Cluster.awaitDown(client, cluster.node(0));
        plain.get(1L);

        assertServed(plain, 0, 2, 0, 1);
    }

    @Test
    void staleHits_areToldAsSuch() {
        AtomicBoolean broken = new AtomicBoolean();
        ReadThroughCache<Long, String> cache = client.cache("stale", Long.class, String.class)
                .loader(id -> {
                    if (broken.get()) {
                        throw new IllegalStateException("the database is down");
                    }
                    return "page";
                })
                .expireAfterWrite(Duration.ofMillis(20))
                .build();
        cache.get(1L);
        broken.set(true);

        await().atMost(Cluster.IN_THE_END)
                .until(() -> cache.get(1L) != null && cache.stats().staleHits() >= 2);

        CacheStats stats = cache.stats();
        assertThat(stats.hits()).isNotEqualTo(stats.staleHits());
        assertServed(cache, 0, stats.hits(), stats.staleHits(), 0);
    }

    @Test
    void loads_thatOthersWaitFor_areToldApart() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (CacheClient other = cluster.patientClient().build()) {
            ReadThroughCache<Long, String> here = client.cache("pages", Long.class, String.class)
                    .loader(id -> {
                        loading.countDown();
                        finish.await();
                        return "page " + id;
                    })
                    .expireAfterWrite(Duration.ofMinutes(10))
                    .maxConcurrentLoads(1)
                    .loadWait(Duration.ofMinutes(1))
                    .build();
            ReadThroughCache<Long, String> there = cache(other, "pages").build();
            try (CacheClientMetrics ofOther = new CacheClientMetrics(other)) {
                SimpleMeterRegistry registryOfOther = new SimpleMeterRegistry();
                ofOther.bindTo(registryOfOther);
                Cluster.awaitUp(other, cluster.node(0));
                try {
                    CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> here.get(1L));
                    assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
                    List<CompletableFuture<String>> joined = List.of(
                            CompletableFuture.supplyAsync(() -> here.get(1L)),
                            CompletableFuture.supplyAsync(() -> here.get(1L)));
                    await().atMost(Cluster.IN_THE_END).until(() -> here.stats().coalesced() == 2);
                    assertThat(there.peek(9L)).isEmpty();
                    CompletableFuture<String> elsewhere = CompletableFuture.supplyAsync(() -> there.get(1L));
                    await().atMost(Cluster.IN_THE_END).until(() -> there.stats().leaseWaits() == 1);

                    finish.countDown();
                    assertThat(first.get()).isEqualTo("page 1");
                    assertThat(elsewhere.get()).isEqualTo("page 1");
                    for (CompletableFuture<String> waiter : joined) {
                        assertThat(waiter.get()).isEqualTo("page 1");
                    }

                    assertThat(value(here, "cache.gets", "result", "miss")).isEqualTo(3);
                    assertThat(value(here, "levee.coalesced")).isEqualTo(2);
                    assertThat(value(here, "levee.lease.waits")).isZero();
                    assertThat(there.stats().misses()).isEqualTo(2);
                    assertThat(registryOfOther
                                    .get("levee.lease.waits")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                } finally {
                    finish.countDown();
                }
            }
        }
        assertThat(registry.get("levee.load.duration")
                        .tag("result", "success")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void loadsPastTheBound_areToldAsRejected() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        ReadThroughCache<Long, String> cache = client.cache("pages", Long.class, String.class)
                .loader(id -> {
                    loading.countDown();
                    finish.await();
                    throw new IllegalStateException("no such page");
                })
                .expireAfterWrite(Duration.ofMinutes(10))
                .maxConcurrentLoads(1)
                .loadWait(Duration.ZERO)
                .build();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> cache.get(1L));
        try {
            assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> cache.get(2L)).isInstanceOf(LoadRejectedException.class);
        } finally {
            finish.countDown();
        }
        assertThatThrownBy(first::get).hasRootCauseMessage("no such page");

        assertThat(value(cache, "levee.loads.rejected")).isEqualTo(1);
        assertThat(value(cache, "cache.gets", "result", "miss")).isEqualTo(2);
        assertThat(registry.get("levee.load.duration")
                        .tag("result", "failure")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    /** Writes what begins with a letter only. */
    private static final class Picky implements Codec<String> {
        @Override
        public Encoded encode(String value) {
            if (!Character.isLetter(value.charAt(0))) {
                throw new CodecException("not to be encoded");
            }
            return new Encoded(value.getBytes(StandardCharsets.UTF_8), 0);
        }

        @Override
        public String decode(Encoded encoded) {
            return new String(encoded.bytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void writes_thatFail_areToldApart() {
        ReadThroughCache<Long, String> cache = client.cache("picky", Long.class, String.class)
                .loader(id -> id < 3 ? "page " + id : id + " pages")
                .codec(new Picky())
                .expireAfterWrite(Duration.ofMinutes(10))
                .build();
        for (long id = 1; id <= 3; id++) {
            cache.get(id);
        }
        await().atMost(Cluster.IN_THE_END).until(() -> cache.stats().writes() == 2);

        assertThat(value(cache, "levee.write.failures")).isEqualTo(1);
        assertThat(value(cache, "cache.puts")).isEqualTo(2);
    }

    /** A registry holds what it asks weakly only. */
    @Test
    void counts_afterAGarbageCollection_areStillTold() {
        ReadThroughCache<Long, String> cache = cache(client, "pages").build();
        System.gc();

        cache.get(1L);

        assertThat(value(cache, "cache.gets", "result", "miss")).isEqualTo(1);
    }

    /** The client, with an eye on who listens to it. */
    private record Watched(CacheClient client, Set<CacheListener> listeners) implements MonitoredClient {
        @Override
        public String name() {
            return client.name();
        }

        @Override
        public HealthReport health() {
            return client.health();
        }

        @Override
        public List<ReadThroughCache<?, ?>> caches() {
            return client.caches();
        }

        @Override
        public void addListener(CacheListener listener) {
            listeners.add(listener);
            client.addListener(listener);
        }

        @Override
        public void removeListener(CacheListener listener) {
            listeners.remove(listener);
            client.removeListener(listener);
        }
    }

    @Test
    void closed_listensNoMore() {
        Watched watched = new Watched(client, new HashSet<>());
        CacheClientMetrics others = new CacheClientMetrics(watched);
        others.bindTo(new SimpleMeterRegistry());
        assertThat(watched.listeners()).hasSize(1);

        others.close();

        assertThat(watched.listeners()).isEmpty();
    }

    @Test
    void rounds_thatLeaveKeysOut_areTold() {
        ReadThroughCache<Long, String> cache = client.cache("warm", Long.class, String.class)
                .loader(id -> {
                    throw new IllegalStateException("no such page");
                })
                .expireAfterWrite(Duration.ofMinutes(10))
                .periodicWriteThrough(Duration.ofMillis(50), List.of(1L))
                .build();

        await().atMost(Cluster.IN_THE_END).until(() -> cache.stats().roundsMissed() >= 1);

        client.pausePeriodicWriteThrough();
        assertThat(cache.stats().misses()).isZero();
        assertThat(value(cache, "levee.rounds.missed")).isPositive();
    }
}
