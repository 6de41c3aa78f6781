package io.levee.cache.periodic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.CacheLoader;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.MemcachedLine;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that are kept warm by one process, or by some clients that stand for processes, on a real node. */
class PeriodicWriteThroughTest {
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String NAME = "stats";

    private final VersionedDatabase database = new VersionedDatabase();
    private final List<CacheClient> clients = new ArrayList<>();
    private final Queue<Missed> missed = new ConcurrentLinkedQueue<>();
    private MemcachedNode node;

    private record Missed(String cache, int late, int of, String reason) {}

    @BeforeEach
    void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterEach
    void stop() {
        clients.forEach(CacheClient::close);
        node.close();
    }

    private CacheClient client() {
        CacheClient client = CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(VersionedDatabase.IN_THE_END)
                .connectTimeout(VersionedDatabase.IN_THE_END)
                .reconnectBackoff(Duration.ofMillis(10), Duration.ofMillis(50))
                .listener(new CacheListener() {
                    @Override
                    public void roundMissed(String cache, int late, int of, String reason) {
                        missed.add(new Missed(cache, late, of, reason));
                    }
                })
                .build();
        clients.add(client);
        return client;
    }

    private ReadThroughCache.Builder<String, Long> cache(CacheClient client) {
        return cache(client, database);
    }

    private static ReadThroughCache.Builder<String, Long> cache(CacheClient client, CacheLoader<String, Long> loader) {
        return client.cache(NAME, String.class, Long.class)
                .loader(loader)
                .expireAfterWrite(HOUR)
                .loadWait(VersionedDatabase.IN_THE_END);
    }

    private static void eventually(BooleanSupplier condition) {
        await().atMost(VersionedDatabase.IN_THE_END)
                .pollInterval(Duration.ofMillis(2))
                .until(condition::getAsBoolean);
    }

    private boolean isMissed(String reason) {
        return missed.stream().anyMatch(round -> round.reason().startsWith(reason));
    }

    private static List<String> advisories(CacheClient client) {
        return client.health().advisories().stream()
                .filter(advisory -> advisory.code() == Advisory.Code.ROUNDS_MISSED)
                .map(Advisory::toString)
                .toList();
    }

    @Test
    void valueMissingAtStart_isLoadedAndWrittenThroughWithoutAReader() {
        cache(client())
                .periodicWriteThrough(HOUR.minusMinutes(10), List.of("a", "b"))
                .build();

        MemcachedLine line = new MemcachedLine(node);
        eventually(() -> line.hasValue(NAME + ":a") && line.hasValue(NAME + ":b"));
        assertThat(database.loads()).isEqualTo(2);
    }

    @Test
    void paused_loadsNothingUntilItIsResumed() {
        CacheClient client = client();
        cache(client).periodicWriteThrough(PERIOD, List.of("k")).build();
        eventually(() -> database.loads() >= 2);

        client.pausePeriodicWriteThrough();
        // What was under way ends; then a second cache of the same period shows how time passes, and that it was built
        // since.
        VersionedDatabase clock = new VersionedDatabase();
        client.cache("clock", String.class, Long.class)
                .loader(clock)
                .expireAfterWrite(HOUR)
                .periodicWriteThrough(PERIOD, List.of("tick"))
                .build();
        eventually(() -> clock.loads() >= 2);
        long before = database.loads();
        eventually(() -> clock.loads() >= 6);
        assertThat(database.loads()).isEqualTo(before);

        client.resumePeriodicWriteThrough();
        eventually(() -> database.loads() >= before + 2);
    }

    @Test
    void valueThereAtStart_isNotLoaded() {
        cache(client()).build().put("k", 7L);
        ReadThroughCache<String, Long> warm = cache(client())
                .periodicWriteThrough(HOUR.minusMinutes(10), List.of("k", "other"))
                .build();
        eventually(() -> database.loadsOf("other") == 1);

        // It was looked at all the same, and is this process's fallback from now on.
        node.kill();
        eventually(() -> warm.lookup("k").source() == Source.FALLBACK);
        assertThat(warm.get("k")).isEqualTo(7);
        assertThat(database.loadsOf("k")).isZero();
    }

    @Test
    void periods_bringNewValuesToReadersWhoNeverWait() {
        ReadThroughCache<String, Long> warm =
                cache(client()).periodicWriteThrough(PERIOD, List.of("k")).build();
        eventually(() -> database.loadsOf("k") == 1);
        assertThat(warm.get("k")).isPositive();
        long misses = warm.stats().misses();

        for (long version = 2; version < 6; version++) {
            long expected = version;
            eventually(() -> warm.get("k") >= expected);
        }

        assertThat(warm.stats().misses()).isEqualTo(misses);
        assertThat(database.loadsOf("k"))
                .isLessThanOrEqualTo((int) (database.elapsed().dividedBy(PERIOD) + 2));
    }

    @Test
    void fleet_loadsEachKeyOnceInEachPeriodAndEachProcessHasTheLatest() {
        List<ReadThroughCache<String, Long>> fleet = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            fleet.add(cache(client()).periodicWriteThrough(PERIOD, List.of("k")).build());
        }
        eventually(() -> database.loadsOf("k") >= 10);

        int loads = database.loadsOf("k");
        assertThat(loads).isLessThanOrEqualTo((int) (database.elapsed().dividedBy(PERIOD) + 2));
        node.kill();
        // Each takes the newest value within a period or so, without any reader: their fallback is no older than that.
        for (ReadThroughCache<String, Long> each : fleet) {
            eventually(() -> each.lookup("k").source() == Source.FALLBACK);
            assertThat(each.get("k")).isGreaterThanOrEqualTo(loads - 3);
        }
    }

    @Test
    void holderOfTheLeaseDead_isReplacedByAnotherWhenTheLeaseIsOver() {
        ReadThroughCache<String, Long> writer = cache(client()).build();
        writer.put("k", 0L);
        // As a process that dies right afterwards.
        assertThat(new MemcachedLine(node).say("mg " + NAME + ":k s R2592000")).endsWith(" W");

        ReadThroughCache<String, Long> warm = cache(client())
                .lease(LeasePolicy.on(Duration.ofSeconds(1)))
                .periodicWriteThrough(PERIOD, List.of("k"))
                .build();

        eventually(() -> database.loadsOf("k") > 0 && warm.get("k") > 0);
    }

    @Test
    void holderStoppedInItsLoad_wakesLater_doesNotOverwriteWhatIsNewer() {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        cache(client(), key -> {
                    long version = database.load(key);
                    begun.countDown();
                    gate.await();
                    return version;
                })
                .lease(LeasePolicy.on(Duration.ofSeconds(1)))
                .periodicWriteThrough(PERIOD, List.of("k"))
                .build();
        eventually(() -> begun.getCount() == 0);
        ReadThroughCache<String, Long> other = cache(client())
                .lease(LeasePolicy.on(Duration.ofSeconds(1)))
                .periodicWriteThrough(Duration.ofMinutes(30), List.of("k"))
                .build();
        eventually(() -> other.peek("k").orElse(0L) >= 2);
        long newer = other.get("k");

        // From here on nothing but the stopped process writes. Its next load fails, and so comes after that.
        database.breakDown();
        gate.countDown();
        eventually(() -> database.failures() > 0);

        assertThat(other.get("k")).isEqualTo(newer);
    }

    @Test
    void loaderFails_oldValueStaysAndRoundsAreMissedUntilItSucceeds() {
        CacheClient client = client();
        ReadThroughCache<String, Long> warm =
                cache(client).periodicWriteThrough(PERIOD, List.of("k")).build();
        eventually(() -> database.loadsOf("k") > 0 && warm.peek("k").isPresent());
        database.breakDown();
        eventually(() -> database.failures() > 0);
        long last = database.loadsOf("k");

        eventually(() -> Collections.frequency(missed, new Missed(NAME, 1, 1, "the loader fails")) >= 2);
        eventually(() -> advisories(client)
                .equals(List.of("ROUNDS_MISSED cache stats: 1 of 1 keys were not renewed in time: the loader fails")));
        assertThat(warm.stats().roundsMissed()).isGreaterThanOrEqualTo(2);
        assertThat(warm.get("k")).isEqualTo(last);
        assertThat(warm.lookup("k").source()).isEqualTo(Source.MEMCACHED);

        database.repair();
        eventually(() -> warm.get("k") > last && advisories(client).isEmpty());
    }

    @Test
    void supplier_isAskedInEachRoundAndItsFailureLeavesTheKeys() {
        AtomicReference<Collection<String>> keys = new AtomicReference<>(List.of("a"));
        CacheClient client = client();
        cache(client).periodicWriteThrough(PERIOD, keys::get).build();
        eventually(() -> database.loadsOf("a") > 0);

        keys.set(List.of("a", "b"));
        eventually(() -> database.loadsOf("b") > 0);
        // A collection that does not take null, a null among the keys, and none at all.
        keys.set(null);
        eventually(() -> isMissed("the key supplier failed: java.lang.NullPointerException"));
        eventually(() -> !advisories(client).isEmpty());
        int before = database.loadsOf("b");
        eventually(() -> database.loadsOf("b") > before);

        keys.set(List.of("a"));
        eventually(() -> advisories(client).isEmpty());
        int loadsOfB = database.loadsOf("b");
        int loadsOfA = database.loadsOf("a");
        eventually(() -> database.loadsOf("a") >= loadsOfA + 3);
        assertThat(database.loadsOf("b")).isLessThanOrEqualTo(loadsOfB + 1);
    }

    @Test
    void supplierThatHangs_isNotAskedAgainAndIsReported() {
        CountDownLatch hanging = new CountDownLatch(1);
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        cache(client())
                .periodicWriteThrough(PERIOD, () -> {
                    asked.add("asked");
                    try {
                        hanging.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return List.<String>of();
                })
                .build();

        Missed expected = new Missed(NAME, 0, 0, "the key supplier has not answered since the round before");
        eventually(() -> Collections.frequency(missed, expected) >= 2);

        assertThat(asked).hasSize(1);
        hanging.countDown();
    }

    @Test
    void keysRead_areKeptWarmWhileTheyAreRead() {
        ReadThroughCache<String, Long> warm = cache(client())
                .periodicWriteThrough(
                        PERIOD,
                        KeysReadPolicy.keysReadWithin(PERIOD.multipliedBy(3)).atMost(10))
                .build();
        warm.get("got");
        warm.lookup("looked up");
        warm.getAsync("got async").join();
        warm.getAll(List.of("got in bulk"));
        warm.put("put", 1L);
        warm.peek("peeked");

        eventually(() -> database.loadsOf("got") > 1
                && database.loadsOf("looked up") > 1
                && database.loadsOf("got async") > 1
                && database.loadsOf("got in bulk") > 1);
        assertThat(database.loadsOf("put") + database.loadsOf("peeked")).isZero();

        // Nobody reads them any more, but one.
        eventually(() -> {
            int loads = database.loadsOf("looked up");
            int ofOther = database.loadsOf("got");
            eventually(() -> {
                warm.get("got");
                return database.loadsOf("got") >= ofOther + 3;
            });
            return database.loadsOf("looked up") == loads;
        });
    }

    @Test
    void callersTakeAllPermits_roundWaitsAndCallersWhoWaitComeFirst() {
        CountDownLatch release = new CountDownLatch(1);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        ReadThroughCache<String, Long> warm = cache(client(), key -> {
                    order.add(key);
                    if (key.startsWith("slow")) {
                        release.await();
                    }
                    return database.load(key);
                })
                .maxConcurrentLoads(2)
                .periodicWriteThrough(PERIOD, List.of("warm"))
                .build();
        eventually(() -> database.loadsOf("warm") > 0);
        CompletableFuture<Long> one = warm.getAsync("slow 1");
        CompletableFuture<Long> two = warm.getAsync("slow 2");
        eventually(() -> order.contains("slow 1") && order.contains("slow 2"));
        int before = database.loadsOf("warm");
        CompletableFuture<Long> waiting = warm.getAsync("waiting");
        eventually(() -> isMissed("a load has not come to its end, or no load permit"));
        assertThat(database.loadsOf("warm")).as("both permits are taken").isEqualTo(before);

        int places = order.size();
        release.countDown();

        assertThat(waiting.join()).isPositive();
        assertThat(List.copyOf(order).get(places)).isEqualTo("waiting");
        eventually(() -> database.loadsOf("warm") > before);
        assertThat(one.join() + two.join()).isPositive();
        assertThat(warm.stats().loadsRejected()).isZero();
    }

    @Test
    void roundsTakeHalfOfThePermits_callersFindTheOthersFree() {
        CountDownLatch release = new CountDownLatch(1);
        ReadThroughCache<String, Long> warm = cache(client(), key -> {
                    long version = database.load(key);
                    if (key.startsWith("warm")) {
                        release.await();
                    }
                    return version;
                })
                .maxConcurrentLoads(4)
                .periodicWriteThrough(PERIOD, List.of("warm 1", "warm 2", "warm 3", "warm 4", "warm 5"))
                .build();
        eventually(() -> database.loads() == 2 && missed.size() >= 2);

        assertThat(database.loads()).isEqualTo(2);
        CompletableFuture<Long> first = warm.getAsync("other");
        assertThat(first.join()).isPositive();
        release.countDown();
        eventually(() -> database.loadsOf("warm 5") > 0);
    }

    @Test
    void valueTooLargeForTheNode_isRenewedInThisProcess() {
        String large = "x".repeat(2 * 1024 * 1024);
        // Not to be compressed.
        ReadThroughCache<String, byte[]> warm = client().cache("large", String.class, byte[].class)
                .loader(key -> {
                    byte[] bytes = new byte[large.length()];
                    new SplittableRandom(database.load(key)).nextBytes(bytes);
                    return bytes;
                })
                .expireAfterWrite(HOUR)
                .periodicWriteThrough(PERIOD, List.of("k"))
                .build();

        eventually(() -> database.loadsOf("k") >= 3);

        Lookup<byte[]> found = warm.lookup("k");
        assertThat(found.source()).isEqualTo(Source.FALLBACK);
        assertThat(found.value()).hasSize(large.length());
    }

    @Test
    void close_endsTheRounds() {
        CacheClient client = client();
        cache(client).periodicWriteThrough(PERIOD, List.of("k")).build();
        eventually(() -> database.loadsOf("k") >= 2);

        client.close();

        int loads = database.loadsOf("k");
        cache(client()).periodicWriteThrough(PERIOD, List.of("other")).build();
        eventually(() -> database.loadsOf("other") >= 4);
        assertThat(database.loadsOf("k")).isEqualTo(loads);
    }
}
