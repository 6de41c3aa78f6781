package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One load per key for all processes, and writes that meet a load under way. */
class LeaseTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Fleet fleet;

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);

    private final ReadThroughCache<String, String> here = Fleet.strings(fleet.here, name)
            .expireAfterWrite(LONG)
            .nearCache(LONG)
            .lease(LeasePolicy.on(Duration.ofMinutes(1)))
            .loader(this::hang)
            .build();
    private final ReadThroughCache<String, String> there = Fleet.strings(fleet.there, name)
            .expireAfterWrite(LONG)
            .lease(LeasePolicy.on(Duration.ofMinutes(1)))
            .loader(key -> "theirs " + loads.incrementAndGet())
            .build();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private String hang(String key) throws InterruptedException {
        loads.incrementAndGet();
        loading.countDown();
        finish.await();
        return "ours";
    }

    private Caller<String> holder() {
        Caller<String> holder = Caller.start(() -> here.get("k"));
        Caller.awaitLatch(loading);
        return holder;
    }

    @Test
    void twoProcesses_onOneColdKey_loadOnceAndTheSecondWaits() throws Exception {
        Caller<String> holder = holder();
        Caller<String> waiting = Caller.start(() -> there.get("k"));
        await().until(() -> there.stats().leaseWaits() == 1);

        finish.countDown();

        assertThat(holder.result()).isEqualTo("ours");
        assertThat(waiting.result()).isEqualTo("ours");
        assertThat(loads).hasValue(1);
        assertThat(there.stats().misses()).isEqualTo(1);
    }

    @Test
    void manyCallersOfTwoProcesses_onOneColdKey_lookForTheLeaseOnceAProcess() throws Exception {
        Caller<String> holder = holder();
        var waiting = Caller.start(20, () -> there.get("k"));
        await().until(() -> there.stats().coalesced() == 19);

        finish.countDown();

        holder.result();
        for (Caller<String> caller : waiting) {
            assertThat(caller.result()).isEqualTo("ours");
        }
        assertThat(there.stats().leaseWaits()).isEqualTo(1);
        assertThat(loads).hasValue(1);
    }

    @Test
    void holder_thatFails_givesTheLeaseToTheNext() throws Exception {
        CountDownLatch failNow = new CountDownLatch(1);
        Caller<String> holder = Caller.start(() -> here.get("k", key -> {
            loading.countDown();
            failNow.await();
            throw new IOException("down");
        }));
        Caller.awaitLatch(loading);
        Caller<String> waiting = Caller.start(() -> there.get("k"));
        await().until(() -> there.stats().leaseWaits() == 1);

        failNow.countDown();

        assertThat(holder.failure()).isInstanceOf(LoadException.class);
        assertThat(waiting.result()).isEqualTo("theirs 1");
        await("under the lease that it got").until(() -> there.stats().writes() == 1);
        assertThat(there.peek("k")).contains("theirs 1");
    }

    @Test
    void holder_thatDies_losesTheLeaseAfterItsTime() throws Exception {
        assertThat(fleet.line.say("mg " + name + ":k v N1"))
                .as("another's lease")
                .startsWith("VA 0 W");

        assertThat(there.get("k")).isEqualTo("theirs 1");

        await().until(() -> there.stats().writes() == 1);
        assertThat(there.stats().leaseWaits()).isEqualTo(1);
    }

    @Test
    void holder_thatTakesLongerThanLoadWait_isNotWaitedFor() throws Exception {
        ReadThroughCache<String, String> hasty = fleet.there
                .cache(name + "h", String.class, String.class)
                .expireAfterWrite(LONG)
                .loadWait(Duration.ofMillis(30))
                .loader(key -> "own")
                .build();
        assertThat(fleet.line.say("mg " + name + "h:k v N60")).startsWith("VA 0 W");

        assertThat(hasty.get("k")).isEqualTo("own");
        assertThat(hasty.stats().leaseWaits()).isEqualTo(1);
        assertThat(hasty.stats().loads()).isEqualTo(1);
    }

    @Test
    void loadsThatOutlastTheLease_areStoredFromTheSecondOn() throws Exception {
        String other = Fleet.name();
        ReadThroughCache<String, String> slow = Fleet.strings(fleet.here, other)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(Duration.ofSeconds(2)))
                .loader(key -> {
                    // Longer than a lease of two seconds by memcached's own clock, which an item made after it
                    // outlives.
                    fleet.line.say("ms outlives-" + key + "-" + loads.incrementAndGet() + " 1 T2\r\n1");
                    await().atMost(Fleet.PATIENT).until(() -> !fleet.line.has("outlives-" + key + "-" + loads.get()));
                    return "value " + loads.get();
                })
                .build();

        assertThat(slow.get("k")).isEqualTo("value 1");
        assertThat(slow.get("k")).as("its placeholder had ended").isEqualTo("value 2");

        await().until(() -> slow.stats().writes() == 1);
        assertThat(slow.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(loads).hasValue(2);
    }

    @Test
    void leasesOff_eachProcessLoadsAndTheFirstToEndWrites() throws Exception {
        String other = Fleet.name();
        ReadThroughCache<String, String> one = Fleet.strings(fleet.here, other)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.off())
                .loader(this::hang)
                .build();
        ReadThroughCache<String, String> two = Fleet.strings(fleet.there, other)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.off())
                .loader(key -> "theirs")
                .build();
        Caller<String> first = Caller.start(() -> one.get("k"));
        Caller.awaitLatch(loading);

        assertThat(two.get("k")).isEqualTo("theirs");
        await().until(() -> two.stats().writes() == 1);

        finish.countDown();
        assertThat(first.result()).isEqualTo("ours");
        assertThat(one.stats().leaseWaits() + two.stats().leaseWaits()).isZero();
        await().until(() -> one.peek("k").isPresent());
        assertThat(one.peek("k")).as("what was loaded later stays").contains("theirs");
    }

    @Test
    void invalidatedElsewhereDuringALoad_whoAsksAfterwardsDoesNotGetWhatItBrings() throws Exception {
        Caller<String> leader = holder();

        there.invalidate("k");
        String asked = here.get("k", key -> "loaded since");
        finish.countDown();

        assertThat(asked).isEqualTo("loaded since");
        assertThat(leader.result()).isEqualTo("ours");
        await().until(() -> here.stats().writes() == 1);
        assertThat(there.peek("k")).contains("loaded since");
        assertThat(here.get("k")).isEqualTo("loaded since");
    }

    @Test
    void invalidatedElsewhereDuringALoad_refreshDoesNotJoinIt() throws Exception {
        Caller<String> leader = Caller.start(() -> here.get("k", key -> {
            loading.countDown();
            finish.await();
            return "before";
        }));
        Caller.awaitLatch(loading);
        there.invalidate("k");

        CompletableFuture<String> refreshed = here.refresh("k");
        await().until(() -> loads.get() == 1);
        finish.countDown();

        assertThat(leader.result()).isEqualTo("before");
        assertThat(refreshed.join()).isEqualTo("ours");
    }

    @Test
    void put_duringALoad_winsAndThoseWhoAskedBeforeGetTheLoadsValue() throws Exception {
        Caller<String> leader = holder();
        Caller<String> follower = Caller.start(() -> here.get("k"));
        await().until(() -> here.stats().coalesced() == 1);

        here.put("k", "put");
        assertThat(here.get("k")).as("who asks from now on").isEqualTo("put");
        finish.countDown();

        assertThat(leader.result()).isEqualTo("ours");
        assertThat(follower.result()).isEqualTo("ours");
        assertThat(here.lookup("k").source()).isEqualTo(Source.NEAR);
        assertThat(here.get("k")).isEqualTo("put");
        assertThat(there.get("k")).isEqualTo("put");
        assertThat(loads).hasValue(1);
    }

    @Test
    void invalidate_duringALoad_keepsItsValueOutOfBothTiers() throws Exception {
        Caller<String> leader = holder();

        here.invalidate("k");
        assertThat(here.get("k", key -> "newer")).as("who asks from now on").isEqualTo("newer");
        here.invalidate("k");
        finish.countDown();

        assertThat(leader.result()).isEqualTo("ours");
        assertThat(here.peek("k")).isEmpty();
        assertThat(there.get("k")).isEqualTo("theirs 2");
        await().untilAsserted(() -> assertThat(Flights.of(here)).isZero());
    }

    @Test
    void put_byAnotherProcessDuringALoad_isNotOverwritten() throws Exception {
        Caller<String> leader = holder();

        there.put("k", "put");
        finish.countDown();

        assertThat(leader.result()).isEqualTo("ours");
        assertThat(there.get("k")).isEqualTo("put");
        assertThat(here.stats().writes()).isZero();
    }

    @Test
    void invalidate_byAnotherProcessDuringALoad_keepsItsValueOutOfMemcached() throws Exception {
        Caller<String> leader = holder();

        there.invalidate("k");
        finish.countDown();

        assertThat(leader.result()).isEqualTo("ours");
        // Behind the fill on the same connection.
        here.invalidate("behind");
        assertThat(fleet.line.has(name + ":k")).isFalse();
    }

    @Test
    void follower_whoseProcessHasTheLease_handsItToTheLeader() throws Exception {
        // Whichever of the threads wins the lease, and whichever leads: the process must not wait for its own lease.
        for (int round = 0; round < 200; round++) {
            String key = "r" + round;
            for (Caller<String> caller : Caller.start(3, () -> there.get(key))) {
                assertThat(caller.result()).startsWith("theirs");
            }
        }
        assertThat(loads).hasValue(200);
        await().until(() -> there.stats().writes() == 200);
    }
}
