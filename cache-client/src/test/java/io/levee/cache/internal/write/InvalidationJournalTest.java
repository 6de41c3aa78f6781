package io.levee.cache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.MemcachedLine;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.NodeSettings;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.node.Rejoin;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.HeldTime;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.cache.internal.write.InvalidationJournal.Verdict;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal beside a real node that has old values and is in use, but was not told of some invalidations. */
class InvalidationJournalTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final HeldTime time = new HeldTime();
    private final Timer timer = new Timer("journal");
    private final InvalidationJournal journal = new InvalidationJournal(timer, time);
    private final MemcachedNode server = MemcachedNode.builder().start();
    private final MemcachedLine line = new MemcachedLine(server);
    private final NodeAddress address = NodeAddress.parse(server.address());
    private SpyTransport transport;
    private NodeTier tier;
    private Node node;

    @BeforeEach
    void start() throws InterruptedException {
        connect(PATIENT);
    }

    private void connect(Duration operationTimeout) throws InterruptedException {
        transport = new SpyTransport("journal", PATIENT, operationTimeout);
        NodeSettings settings = new NodeSettings(
                "journal",
                PATIENT.toNanos(),
                TimeUnit.MILLISECONDS.toNanos(5),
                TimeUnit.MILLISECONDS.toNanos(50),
                TimeUnit.MILLISECONDS.toNanos(100),
                BreakerPolicy.defaults());
        tier = new NodeTier(
                settings,
                transport,
                new HealthTracker(TimeSource.SYSTEM, new CacheListener() {}),
                Rejoin.NOTHING,
                new Listeners(List.of()));
        tier.nodes(List.of(address));
        tier.awaitFirstAttempts();
        node = tier.nodeFor("k");
        assertThat(node.isServing()).isTrue();
    }

    @AfterEach
    void stop() {
        disconnect();
        timer.close();
        server.close();
    }

    private void disconnect() {
        tier.close();
        transport.close();
    }

    private void overflow() {
        IntStream.rangeClosed(0, NodeJournal.MOST_KEYS).forEach(i -> journal.missed(node, "k" + i));
    }

    private void refuse() throws Exception {
        overflow();
        try (NodeConnection connection = transport.open(address, reason -> {})) {
            journal.beforeServing(address, connection);
        }
    }

    @Test
    void missed_nodeInUse_isBarredUntilTheNodeHasRemovedIt() {
        line.store("k", 0, "old");

        journal.missed(node, "k");

        assertThat(journal.isBarred(node, "k")).isTrue();
        assertThat(journal.isBarred(node, "other")).isFalse();
        await().until(() -> !journal.isBarred(node, "k"));
        assertThat(line.has("k")).isFalse();
    }

    @Test
    void missed_againAndAgainAsTheRetriesEnd_isAlwaysMadeUpFor() {
        // Each is added at the very moment when the retry of the one before has ended, or is about to.
        for (int round = 0; round < 40; round++) {
            String key = "k" + round;
            line.store(key, 0, "old");
            journal.missed(node, key);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofNanos(1_000))
                    .until(() -> !journal.isBarred(node, key));
            assertThat(line.has(key)).isFalse();
        }
    }

    @Test
    void missed_manyAtOnce_areAllMadeUpFor() {
        IntStream.range(0, 1_200).forEach(i -> journal.missed(node, "k" + i));

        await().until(() -> IntStream.range(0, 1_200).noneMatch(i -> journal.isBarred(node, "k" + i)));
    }

    @Test
    void missed_nodeHung_isSentAgainUntilItAnswers() throws Exception {
        disconnect();
        connect(Duration.ofMillis(200));
        line.store("k", 0, "old");
        server.hang();

        journal.missed(node, "k");
        await().until(() -> !node.isServing());
        assertThat(journal.isBarred(node, "k")).isTrue();
        server.resume();

        await().atMost(PATIENT).until(() -> !journal.isBarred(node, "k"));
        assertThat(line.has("k")).isFalse();
    }

    @Test
    void overwritten_barredKey_isBarredNoLonger() {
        journal.missed(node, "k");

        journal.overwritten(node, "k");

        assertThat(journal.isBarred(node, "k")).isFalse();
    }

    @Test
    void beforeServing_whatWasMissed_isRemovedBeforeItReturns() throws Exception {
        List.of("k0", "k1", "k2").forEach(key -> line.store(key, 0, "old"));
        IntStream.range(0, 1_200).forEach(i -> journal.missed(node, "k" + i));

        try (NodeConnection connection = transport.open(address, reason -> {})) {
            journal.beforeServing(address, connection);
        }

        assertThat(IntStream.range(0, 1_200).filter(i -> journal.isBarred(node, "k" + i)))
                .isEmpty();
        assertThat(line.has("k0") || line.has("k1") || line.has("k2")).isFalse();
    }

    @Test
    void beforeServing_nodeDoesNotAnswer_failsAndForgetsNothing() throws Exception {
        SpyTransport impatient = new SpyTransport("impatient", PATIENT, Duration.ofMillis(100));
        try (NodeConnection connection = impatient.open(address, reason -> {})) {
            server.hang();
            journal.missed(node, "k");

            assertThatThrownBy(() -> journal.beforeServing(address, connection)).isInstanceOf(IOException.class);

            assertThat(journal.isBarred(node, "k")).isTrue();
        } finally {
            server.resume();
            impatient.close();
        }
    }

    @Test
    void beforeServing_nothingMissed_asksNothing() throws Exception {
        journal.beforeServing(address, null);

        assertThat(journal.isInDoubt(node)).isFalse();
    }

    @Test
    void overflow_untilTheNodeIsReached_everyKeyIsBarred() throws Exception {
        disconnect();
        overflow();
        assertThat(journal.isBarred(node, "never heard of")).isTrue();
        assertThat(journal.isInDoubt(node)).isFalse();

        connect(PATIENT);
        try (NodeConnection connection = transport.open(address, reason -> {})) {
            journal.beforeServing(address, connection);
        }

        assertThat(journal.isBarred(node, "never heard of")).isFalse();
        assertThat(journal.isInDoubt(node)).isTrue();
    }

    @Test
    void overflow_nodeInUse_isMadeUpForByTheTimer() {
        overflow();

        await().until(() -> !journal.isBarred(node, "k1"));
        assertThat(journal.isInDoubt(node)).isTrue();
    }

    @Test
    void judge_loadedBeforeTheEndByAnyClock_isRefused() throws Exception {
        refuse();
        long endMillis = time.millis();

        // By clocks that are right, 2 s behind, and 2 s ahead.
        for (long loadedAt : new long[] {endMillis - 1, endMillis - 2_001, endMillis + 1_999}) {
            assertThat(journal.judge(node, loadedAt)).isEqualTo(Verdict.REFUSED_FOR_NOW);
        }
        time.advance(Duration.ofSeconds(2));
        for (long loadedAt : new long[] {endMillis - 1, endMillis - 2_001, endMillis + 1_999}) {
            assertThat(journal.judge(node, loadedAt)).isEqualTo(Verdict.REFUSED);
        }
    }

    @Test
    void judge_loadedAfterTheWindow_isBelieved() throws Exception {
        refuse();
        time.advance(Duration.ofSeconds(2));
        long windowsEnd = time.millis();

        assertThat(journal.judge(node, windowsEnd)).isEqualTo(Verdict.BELIEVED);
        // By a clock that is ahead at once; by one that is behind once it has come so far.
        assertThat(journal.judge(node, windowsEnd + 2_000)).isEqualTo(Verdict.BELIEVED);
        assertThat(journal.judge(node, windowsEnd - 1)).isEqualTo(Verdict.REFUSED);
    }

    @Test
    void judge_overflowOnceMore_movesTheWindow() throws Exception {
        refuse();
        time.advance(Duration.ofMinutes(1));
        long between = time.millis();
        assertThat(journal.judge(node, between)).isEqualTo(Verdict.BELIEVED);

        refuse();

        assertThat(journal.judge(node, between)).isEqualTo(Verdict.REFUSED_FOR_NOW);
    }
}
