package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A process wins the lease to replace a stale value, and does not. Memcached would wait for it for ever. */
class StaleLeaseHolderTest {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(1);

    private static Fleet fleet;
    private static CacheClient writer;

    private final String name = Fleet.name();
    /** When loads began, by {@link System#nanoTime}. */
    private final Queue<Long> loads = new ConcurrentLinkedQueue<>();

    private volatile boolean broken;

    @BeforeAll
    static void start() {
        fleet = new Fleet();
        writer = Fleet.client(fleet.node).build();
    }

    @AfterAll
    static void stop() {
        writer.close();
        fleet.close();
    }

    private String load(String key) {
        loads.add(System.nanoTime());
        if (broken) {
            throw new IllegalStateException("the database is down");
        }
        return "new";
    }

    private ReadThroughCache<String, String> cache(CacheClient client, Duration lease) {
        return Fleet.strings(client, name)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(lease))
                .loader(this::load)
                .build();
    }

    /** Values that are stale from the first moment. */
    private void writeStale(String... keys) {
        ReadThroughCache<String, String> before = Fleet.strings(writer, name)
                .expireAfterWrite(Duration.ofMillis(1))
                .staleFor(LONG)
                .build();
        for (String key : keys) {
            before.put(key, "old");
            assertThat(fleet.line.hasValue(name + ":" + key)).isTrue();
        }
    }

    /** As a process that dies right afterwards. */
    private void claim(String key) {
        assertThat(fleet.line.say("mg " + name + ":" + key + " s R2592000")).endsWith(" W");
    }

    @Test
    void holderDead_afterTheLease_oneProcessLoadsAndUntilThenAllAreServed() {
        ReadThroughCache<String, String> here = cache(fleet.here, LEASE);
        ReadThroughCache<String, String> there = cache(fleet.there, LEASE);
        writeStale("k");
        claim("k");
        long firstNanos = System.nanoTime();

        await().pollInterval(Duration.ofMillis(2)).atMost(Fleet.PATIENT).until(() -> {
            for (ReadThroughCache<String, String> cache : List.of(here, there)) {
                boolean before = loads.isEmpty();
                Lookup<String> found = cache.lookup("k");
                if (before && loads.isEmpty()) {
                    assertThat(found.value()).isEqualTo("old");
                    assertThat(found.source()).isEqualTo(Source.STALE);
                }
            }
            return here.lookup("k").value().equals("new")
                    && there.lookup("k").value().equals("new");
        });

        assertThat(loads).hasSize(1);
        assertThat(loads.element() - firstNanos).isGreaterThanOrEqualTo(LEASE.toNanos());
        assertThat(here.stats().leaseWaits() + there.stats().leaseWaits()).isZero();
        await().until(() -> there.lookup("k").source() == Source.MEMCACHED
                && here.lookup("k").source() == Source.MEMCACHED);
        assertThat(loads).hasSize(1);
    }

    @Test
    void loaderFailed_holdingTheLease_triesAgainWhenItIsNoLongerHeldBack() {
        Duration lease = Duration.ofHours(1);
        ReadThroughCache<String, String> here = cache(fleet.here, lease);
        writeStale("k");
        broken = true;
        assertThat(here.lookup("k").source()).isEqualTo(Source.STALE);
        assertThat(loads).hasSize(1);
        broken = false;

        await().pollInterval(Duration.ofMillis(2)).atMost(Fleet.PATIENT).until(() -> {
            Lookup<String> found = here.lookup("k");
            return found.value().equals("new");
        });

        assertThat(loads).hasSize(2);
        List<Long> times = List.copyOf(loads);
        assertThat(times.get(1) - times.get(0))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void holderStopped_wakesAfterAnotherHasLoaded_doesNotOverwriteIt() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here, LEASE);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        ReadThroughCache<String, String> there = Fleet.strings(fleet.there, name)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(LEASE))
                .loader(key -> {
                    begun.countDown();
                    mayEnd.await();
                    return "loaded long ago";
                })
                .build();
        writeStale("k");
        Future<String> stopped = there.getAsync("k");
        Caller.awaitLatch(begun);
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Fleet.PATIENT)
                .until(() -> here.lookup("k").value().equals("new"));

        mayEnd.countDown();

        assertThat(stopped.get()).isEqualTo("loaded long ago");
        there.peek("other");
        await().until(() -> here.lookup("k").source() == Source.MEMCACHED);
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
        assertThat(loads).hasSize(1);
    }

    @Test
    void holderDead_whileManyFillsStandInLine_itsPlaceIsTakenByTheFirstWhoAsks() {
        ReadThroughCache<String, String> here = cache(fleet.here, LEASE);

        assertThat(afterTheLease(here, () -> here.get("k"))).isEqualTo("new");
    }

    @Test
    void holderDead_whileManyFillsStandInLine_itsPlaceIsTakenByTheFirstWhoAsksForMany() {
        ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(LEASE))
                .bulkLoader(keys -> keys.stream().collect(Collectors.toMap(Function.identity(), this::load)))
                .build();

        assertThat(afterTheLease(here, () -> here.getAll(List.of("k")).get("k")))
                .isEqualTo("new");
    }

    /** Lets the holder of k's lease die, its lease run out, and the node have a thousand fills to answer before it is asked for k. */
    private String afterTheLease(ReadThroughCache<String, String> cache, Supplier<String> get) {
        writeStale("k", "z");
        claim("k");
        claim("z");
        assertThat(cache.get("k")).isEqualTo("old");
        await().until(() -> cache.get("z").equals("new"));
        Fleet.strings(fleet.here, name + "-of-many")
                .expireAfterWrite(LONG)
                .bulkLoader(keys -> {
                    fleet.node.hang();
                    return keys.stream().collect(Collectors.toMap(Function.identity(), Function.identity()));
                })
                .build()
                .getAll(IntStream.range(0, 10_000).mapToObj(i -> "k" + i).toList());
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread caller = new Thread(() -> answer.completeAsync(get, Runnable::run));
        caller.start();
        await().until(() ->
                caller.getState() == Thread.State.WAITING || caller.getState() == Thread.State.TIMED_WAITING);
        fleet.node.resume();
        return answer.join();
    }
}
