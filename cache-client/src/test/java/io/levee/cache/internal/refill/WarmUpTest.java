package io.levee.cache.internal.refill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.CacheSettings;
import io.levee.cache.LeasePolicy;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.cache.codec.StringCodec;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.KeyEncoder;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.generation.Generations;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.LocalTier;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.NodeSettings;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.node.Rejoin;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent to a real node that was restarted, and how fast. The test runs the steps, and so knows how long each was put off. */
class WarmUpTest {
    private static final TimeSource TIME = TimeSource.SYSTEM;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private static final CacheSettings SETTINGS = new CacheSettings(
            "cache",
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            0,
            1,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ZERO,
            LeasePolicy.on(),
            Duration.ZERO,
            null,
            0);

    private record Step(long afterNanos, Runnable work) {}

    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
    private final List<List<Integer>> refilled = Collections.synchronizedList(new ArrayList<>());
    private final CacheListener listener = new CacheListener() {
        @Override
        public void nodeRefilled(NodeAddress address, int stored, int present) {
            refilled.add(List.of(stored, present));
        }
    };

    private final Timer timer = new Timer("test");
    private final SpyTransport transport = new SpyTransport("test", Duration.ofSeconds(20), Duration.ofSeconds(20));
    private final Generation generation = new Generations("", timer, TIME).of("cache");
    private final LocalTier tier = new LocalTier(1 << 24);
    private final KeyEncoder<String> keys = KeyEncoder.of("", "cache", String.class);
    private final InvalidationJournal journal = new InvalidationJournal(timer, TIME);

    private MemcachedNode server;
    private NodeTier nodes;
    private Node node;
    private WarmUp warmUp;
    private Shelf<String> shelf;
    private Envelope<String> envelope;

    @BeforeEach
    void restartANode() throws InterruptedException {
        server = MemcachedNode.builder().start();
        NodeSettings settings = new NodeSettings(
                "test",
                TimeUnit.SECONDS.toNanos(20),
                TimeUnit.MILLISECONDS.toNanos(20),
                TimeUnit.MILLISECONDS.toNanos(100),
                TimeUnit.MILLISECONDS.toNanos(500),
                BreakerPolicy.defaults());
        nodes = new NodeTier(
                settings,
                transport,
                new HealthTracker(TIME, CacheListener.NONE),
                Rejoin.NOTHING,
                new Listeners(List.of()));
        nodes.nodes(List.of(NodeAddress.parse(server.address())));
        nodes.awaitFirstAttempts();
        node = nodes.nodes().get(0);
        warmUp = new WarmUp(
                nodes::node, Runnable::run, (nanos, step) -> steps.add(new Step(nanos, step)), TIME, listener);
        shelf = stocked(StringCodec.INSTANCE, "cache");
        server.kill();
        await().until(() -> !node.isServing());
        server.restart();
        await().until(node::isServing);
        assertThat(node.restart()).isNotNull();
    }

    private Shelf<String> stocked(Codec<String> codec, String name) {
        Shelf<String> own = tier.shelf();
        envelope = new Envelope<>(codec, SETTINGS, TIME);
        warmUp.add(new Stock<>(
                KeyEncoder.of("", name, String.class), own, envelope, generation, journal, nodes::nodeFor, TIME));
        return own;
    }

    @AfterEach
    void close() {
        nodes.close();
        transport.close();
        timer.close();
        server.close();
    }

    private LocalEntry<String> entry(long freshForNanos, long confirmedNanos) {
        long now = TIME.nanos();
        LocalEntry<String> entry = new LocalEntry<>(
                "value", 0, TIME.millis() - 60_000, now - MINUTE, now + freshForNanos, now + 60 * MINUTE, now, 5, 250);
        entry.confirmed(confirmedNanos);
        return entry;
    }

    private long runAllSteps() {
        long putOffNanos = 0;
        warmUp.nodeUp(node.address(), Duration.ZERO);
        while (refilled.isEmpty()) {
            await().until(() -> !steps.isEmpty() || !refilled.isEmpty());
            Step step = steps.poll();
            if (step != null) {
                putOffNanos += step.afterNanos;
                step.work.run();
            }
        }
        return putOffNanos;
    }

    private Reply read(String key) {
        return node.get(keys.encode(key), 0, 0).join();
    }

    @Test
    void manyValues_areSentNoFasterThanTheBound() {
        int count = 500;
        for (int i = 0; i < count; i++) {
            shelf.put("k" + i, entry(MINUTE, TIME.nanos()));
        }

        long putOffNanos = runAllSteps();

        assertThat(refilled).containsExactly(List.of(count, 0));
        assertThat(count * TimeUnit.SECONDS.toNanos(1)).isLessThanOrEqualTo(Pace.MOST_OF_ONE_A_SECOND * putOffNanos);
    }

    @Test
    void aValue_isSentAsItWasWritten() throws Exception {
        LocalEntry<String> entry = entry(MINUTE, TIME.nanos());
        shelf.put("k", entry);

        runAllSteps();

        Reply.Hit hit = (Reply.Hit) read("k");
        EntryHeader header = EntryFormat.header(hit.data(), hit.flags());
        assertThat(header.writtenAtMillis() - header.loadMillis()).isEqualTo(entry.loadedAtMillis());
        assertThat(header.loadMillis()).isEqualTo(250);
        assertThat(header.freshForMillis()).isBetween(119_990L, 120_000L);
        assertThat(envelope.open(hit.data(), header, hit.token(), null).value()).isEqualTo("value");
    }

    @Test
    void whatIsNotGoodEnough_isNotSent() {
        long now = TIME.nanos();
        shelf.put("good", entry(MINUTE, node.restart().lostNanos() - MINUTE / 2));
        shelf.put(
                "confirmed too long before the loss",
                entry(MINUTE, node.restart().lostNanos() - MINUTE - MINUTE / 30));
        shelf.put("past its freshness", entry(-1, now));
        LocalEntry<String> newerThere = entry(MINUTE, now);
        newerThere.unconfirmed();
        shelf.put("newer there", newerThere);
        LocalEntry<String> tooLarge = entry(MINUTE, now);
        tooLarge.onlyHere();
        shelf.put("too large", tooLarge);
        LocalEntry<String> absence = new LocalEntry<>(null, 0, TIME.millis(), now, now + MINUTE, now + MINUTE, now, 0);
        absence.confirmed(now);
        shelf.put("absence", absence);
        shelf.put("barred", entry(MINUTE, now));
        journal.missed(node, keys.encode("barred"));

        runAllSteps();

        assertThat(refilled).hasSize(1);
        // Once the journal has made up for it, what was barred may be sent, and finds the tombstone.
        assertThat(refilled.get(0).get(0)).as("stored").isEqualTo(1);
        assertThat(read("barred")).isNotInstanceOf(Reply.Hit.class);
        assertThat(read("good")).isInstanceOf(Reply.Hit.class);
    }

    @Test
    void codecThrows_theOthersAreSent() {
        Shelf<String> broken = stocked(
                new Codec<>() {
                    @Override
                    public Encoded encode(String value) {
                        throw new CodecException("no");
                    }

                    @Override
                    public String decode(Encoded encoded) {
                        throw new CodecException("no");
                    }
                },
                "broken");
        for (int i = 0; i < 10; i++) {
            broken.put("k" + i, entry(MINUTE, TIME.nanos()));
        }
        shelf.put("k", entry(MINUTE, TIME.nanos()));

        runAllSteps();

        assertThat(refilled).containsExactly(List.of(1, 0));
    }

    @Test
    void connectionEnds_nothingMoreIsSent() {
        for (int i = 0; i < 500; i++) {
            shelf.put("k" + i, entry(MINUTE, TIME.nanos()));
        }
        warmUp.nodeUp(node.address(), Duration.ZERO);
        steps.remove().work.run();
        await().until(() -> !steps.isEmpty());

        server.kill();
        await().until(() -> !node.isServing());
        Queue<Step> left = new ArrayDeque<>(steps);
        steps.clear();
        left.forEach(step -> step.work.run());
        await().until(() -> !steps.isEmpty());
        steps.remove().work.run();

        assertThat(refilled).hasSize(1);
        assertThat(refilled.get(0).get(0)).isEqualTo(Pace.beside(1).values());
    }
}
