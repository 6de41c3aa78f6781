package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node is killed and comes back empty; a process that holds values refills it. What another process has put or invalidated meanwhile
 * stands. When each of the two is back on the node is the test's to say.
 */
class NodeRefilledTest {
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final int KEYS = 60;

    /** A process, whose return to the node can be held up before it connects, and between its return and its refilling. */
    private static final class Member implements CacheListener, AutoCloseable {
        record Refilled(int stored, int present) {}

        final List<Refilled> refills = new CopyOnWriteArrayList<>();
        final AtomicInteger ups = new AtomicInteger();
        volatile CountDownLatch toConnect = new CountDownLatch(0);
        volatile CountDownLatch toRefill = new CountDownLatch(0);
        final CacheClient client;

        Member(MemcachedNode node) {
            client = Fleet.client(node)
                    .reconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                    .listener(this)
                    .build();
        }

        @Override
        public void nodeDown(NodeAddress address, String reason) {
            hold(toConnect);
        }

        @Override
        public void nodeUp(NodeAddress address, Duration downFor) {
            ups.incrementAndGet();
            hold(toRefill);
        }

        @Override
        public void nodeRefilled(NodeAddress address, int stored, int present) {
            refills.add(new Refilled(stored, present));
        }

        private static void hold(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitReturn() {
            await().until(() -> ups.get() == 2);
        }

        Refilled refill() {
            await().until(() -> !refills.isEmpty());
            return refills.get(0);
        }

        @Override
        public void close() {
            toConnect.countDown();
            toRefill.countDown();
            client.close();
        }
    }

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private volatile String database = "v1";
    private volatile boolean broken;

    private MemcachedNode node;
    private MemcachedLine line;
    private Member here;
    private Member there;
    private ReadThroughCache<String, String> cacheHere;
    private ReadThroughCache<String, String> cacheThere;

    @BeforeEach
    void start() {
        node = MemcachedNode.builder().start();
        line = new MemcachedLine(node);
        here = new Member(node);
        there = new Member(node);
        cacheHere = cache(here);
        cacheThere = cache(there);
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
        node.close();
    }

    private ReadThroughCache<String, String> cache(Member member) {
        return settings(member).expireAfterWrite(FRESH).build();
    }

    private ReadThroughCache.Builder<String, String> settings(Member member) {
        return Fleet.strings(member.client, name).expiryJitter(0).loader(key -> {
            loads.incrementAndGet();
            if (broken) {
                throw new IllegalStateException("the database is down");
            }
            return database;
        });
    }

    private String nodeKey(String key) {
        return name + ":" + key;
    }

    /** Loaded here, and on its node. */
    private void loadHere(String key) {
        assertThat(cacheHere.get(key)).isEqualTo(database);
        await().until(() -> line.hasValue(nodeKey(key)));
    }

    private void killAndRestart() {
        node.kill();
        node.restart();
    }

    @Test
    void restartedEmpty_refilled_hasTheValuesWithTheRestOfTheirLives() {
        for (int i = 0; i < KEYS; i++) {
            loadHere("k" + i);
        }
        long loadedNanos = System.nanoTime();

        killAndRestart();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(KEYS, 0));
        long life = FRESH.plus(Duration.ofHours(1)).toSeconds();
        for (int i = 0; i < KEYS; i++) {
            String answer = line.say("mg " + nodeKey("k" + i) + " t");
            assertThat(answer).startsWith("HD t");
            assertThat(Long.parseLong(answer.substring(4))).isBetween(life - 120, life);
        }
        there.awaitReturn();
        for (int i = 0; i < KEYS; i++) {
            Lookup<String> read = cacheThere.lookup("k" + i);
            assertThat(read.value()).isEqualTo("v1");
            assertThat(read.source()).isEqualTo(Source.MEMCACHED);
            assertThat(read.age())
                    .as("as old as it is")
                    .isGreaterThan(
                            Duration.ofNanos(System.nanoTime() - loadedNanos).minusSeconds(1));
            assertThat(cacheHere.lookup("k" + i).source()).isEqualTo(Source.MEMCACHED);
        }
        assertThat(loads).hasValue(KEYS);
    }

    @Test
    void bothHoldTheValues_refilled_eachFindsWhatTheOtherSent() {
        for (int i = 0; i < KEYS; i++) {
            loadHere("k" + i);
            assertThat(cacheThere.get("k" + i)).isEqualTo("v1");
        }

        killAndRestart();

        Member.Refilled one = here.refill();
        Member.Refilled other = there.refill();
        assertThat(one.stored() + other.stored()).isEqualTo(KEYS);
        assertThat(one.present() + other.present()).isEqualTo(KEYS);
        assertThat(loads).hasValue(KEYS);
    }

    @Test
    void newerValuePutBeforeTheRefill_stays() {
        loadHere("k");
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();
        cacheThere.put("k", "v2");

        here.awaitReturn();
        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        assertThat(cacheThere.get("k")).isEqualTo("v2");
        assertThat(cacheHere.get("k")).isEqualTo("v2");
        assertThat(loads).hasValue(1);
    }

    @Test
    void invalidatedElsewhereAfterTheRestart_staysAwayAndIsLoadedOnce() {
        loadHere("k");
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();
        database = "v2";
        cacheThere.invalidate("k");
        assertThat(line.hasTombstone(nodeKey("k"))).isTrue();

        here.awaitReturn();
        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        assertThat(cacheThere.peek("k")).isEmpty();
        assertThat(cacheHere.peek("k")).isEmpty();
        assertThat(cacheThere.lookup("k").source()).isEqualTo(Source.LOADED);
        await("the fill lands").until(() -> line.hasValue(nodeKey("k")));
        assertThat(cacheHere.get("k")).isEqualTo("v2");
        assertThat(cacheThere.get("k")).isEqualTo("v2");
        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidatedElsewhereInTheOutage_firstBack_staysAway() {
        loadHere("k");
        here.toConnect = new CountDownLatch(1);
        node.kill();
        await().until(() -> !isUp(there));
        database = "v2";
        cacheThere.invalidate("k");
        node.restart();
        there.awaitReturn();

        here.toConnect.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        assertThat(cacheHere.get("k")).isEqualTo("v2");
        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidatedElsewhereInTheOutage_lastBack_takesAwayWhatWasRefilled() {
        loadHere("k");
        there.toConnect = new CountDownLatch(1);
        node.kill();
        await().until(() -> !isUp(there));
        database = "v2";
        cacheThere.invalidate("k");
        node.restart();
        assertThat(here.refill()).isEqualTo(new Member.Refilled(1, 0));

        there.toConnect.countDown();
        there.awaitReturn();

        assertThat(line.hasTombstone(nodeKey("k"))).isTrue();
        assertThat(cacheThere.get("k")).isEqualTo("v2");
        assertThat(cacheHere.get("k")).isEqualTo("v2");
        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidatedElsewhereBeforeTheOutage_notNoticedHere_staysAway() {
        loadHere("k");
        database = "v2";
        cacheThere.invalidate("k");
        here.toConnect = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();

        here.toConnect.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        assertThat(cacheHere.get("k")).isEqualTo("v2");
    }

    @Test
    void putElsewhereBeforeTheOutage_notNoticedHere_isNotUndone() {
        loadHere("k");
        database = "v2";
        cacheThere.put("k", "v2");
        there.toConnect = new CountDownLatch(1);
        killAndRestart();
        here.refill();

        there.toConnect.countDown();
        there.awaitReturn();

        assertThat(cacheThere.get("k")).isEqualTo("v2");
        assertThat(cacheHere.get("k")).isEqualTo("v2");
    }

    @Test
    void writtenThroughElsewhereBeforeTheOutage_notNoticedHere_isNotUndone() {
        WrittenDatabase written = new WrittenDatabase();
        ReadThroughCache<String, String> throughHere = through(here, written);
        ReadThroughCache<String, String> throughThere = through(there, written);
        throughHere.put("k", "v1");
        throughThere.put("k", "v2");
        there.toConnect = new CountDownLatch(1);
        killAndRestart();
        here.refill();

        there.toConnect.countDown();
        there.awaitReturn();

        assertThat(throughThere.get("k")).isEqualTo("v2");
        assertThat(throughHere.get("k")).isEqualTo("v2");
    }

    private ReadThroughCache<String, String> through(Member member, WrittenDatabase written) {
        return Fleet.strings(member.client, name + "-through")
                .loader(written)
                .writer(written)
                .expireAfterWrite(FRESH)
                .build();
    }

    @Test
    void loadOnATombstoneFails_tombstoneStays() {
        loadHere("k");
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();
        cacheThere.invalidate("k");
        broken = true;
        assertThatThrownBy(() -> cacheThere.get("k")).isInstanceOf(LoadException.class);
        // The lease was given back before this question, on the same connection.
        assertThat(cacheThere.peek("k")).isEmpty();
        assertThat(line.hasTombstone(nodeKey("k"))).isTrue();

        here.awaitReturn();
        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        broken = false;
        database = "v2";
        assertThat(cacheHere.get("k")).isEqualTo("v2");
    }

    @Test
    void absenceRememberedAfterTheInvalidation_endsSoonerThanTheTombstone_oldValueStaysAway() {
        Duration brief = Duration.ofMillis(50);
        String own = Fleet.name();
        ReadThroughCache<String, String> oldHere = Fleet.strings(here.client, own)
                .loader(key -> "v1")
                .expireAfterWrite(FRESH)
                .build();
        ReadThroughCache<String, String> goneThere = Fleet.strings(there.client, own)
                .loader(key -> {
                    loads.incrementAndGet();
                    return null;
                })
                .expireAfterWrite(FRESH)
                .cacheAbsent(brief)
                .build();
        oldHere.get("k");
        await().until(() -> line.hasValue(own + ":k"));
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();
        goneThere.invalidate("k");
        assertThat(goneThere.get("k")).isNull();
        await("the absence is no longer good").until(() -> {
            goneThere.get("k");
            return loads.get() > 1;
        });

        here.awaitReturn();
        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(0, 1));
        assertThat(goneThere.get("k")).isNull();
    }

    @Test
    void pastFreshness_isNotSent() {
        ReadThroughCache<String, String> brief = Fleet.strings(here.client, name + "-brief")
                .loader(key -> "v1")
                .expireAfterWrite(Duration.ofMillis(50))
                .build();
        brief.get("stale");
        loadHere("fresh");
        await().until(() -> brief.stats().writes() == 1);
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        here.awaitReturn();
        long now = System.nanoTime();
        await().until(() -> System.nanoTime() - now > Duration.ofMillis(60).toNanos());

        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(1, 0));
        assertThat(line.has(name + "-brief:stale")).isFalse();
    }

    @Test
    void clearedElsewhereBeforeTheRefill_nothingOldIsServed() {
        loadHere("k");
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        there.awaitReturn();
        here.awaitReturn();
        database = "v2";
        cacheThere.clear();

        here.toRefill.countDown();

        assertThat(cacheThere.get("k")).isEqualTo("v2");
        await().untilAsserted(() -> assertThat(cacheHere.get("k")).isEqualTo("v2"));
    }

    @Test
    void clearedHereBeforeTheRefill_nothingIsSent() {
        loadHere("k");
        ReadThroughCache<String, String> other = Fleet.strings(here.client, name + "-other")
                .loader(key -> "kept")
                .expireAfterWrite(FRESH)
                .build();
        other.get("k");
        await().until(() -> line.hasValue(name + "-other:k"));
        here.toRefill = new CountDownLatch(1);
        killAndRestart();
        here.awaitReturn();
        cacheHere.clear();

        here.toRefill.countDown();

        assertThat(here.refill()).isEqualTo(new Member.Refilled(1, 0));
        assertThat(line.has(nodeKey("k"))).isFalse();
    }

    private static boolean isUp(Member member) {
        return member.client.health().nodes().get(0).state() == NodeState.UP;
    }
}
