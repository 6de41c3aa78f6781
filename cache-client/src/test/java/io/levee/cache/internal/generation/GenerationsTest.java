package io.levee.cache.internal.generation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.time.HeldTime;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes' generations on three real nodes that lose their record, are killed, hung and restarted. */
class GenerationsTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String KEY = Generations.key("test");
    private static final Duration LONG = Duration.ofDays(365);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<MemcachedNode> nodes = new ArrayList<>();
    private final SpyTransport looking = new SpyTransport("looking", Duration.ofSeconds(5), Duration.ofSeconds(5));

    @BeforeEach
    void startsThreeNodes() {
        opened.add(looking);
        for (int i = 0; i < 3; i++) {
            MemcachedNode node = MemcachedNode.builder().start();
            nodes.add(node);
            opened.add(node);
        }
    }

    @AfterEach
    void closesEverything() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void emptyFleet_aRecordIsBegunOnEveryNode() throws Exception {
        Member first = started();

        assertThat(first.generation()).isPositive();
        await().untilAsserted(() -> assertThat(records()).containsOnly(Optional.of(known(first))));
    }

    @Test
    void newcomer_knowsTheGenerationsBeforeItUsesANode() throws Exception {
        Member first = started();
        first.generations.raise("cache").join();

        Member second = connected(TimeSource.SYSTEM);

        assertThat(second.tier.nodes()).allMatch(Node::isServing);
        assertThat(second.generation()).isEqualTo(first.generation());
    }

    @Test
    void twoThatBeginAtOnce_agree() throws Exception {
        List<Member> both = List.of(connected(TimeSource.SYSTEM), connected(TimeSource.SYSTEM));
        CompletableFuture<?>[] started = both.stream()
                .map(member -> member.generations.start(member.tier))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(started).join();

        await().untilAsserted(() -> assertThat(both.get(0).generation())
                .isPositive()
                .isEqualTo(both.get(1).generation()));
    }

    @Test
    void raise_isKnownHereAtOnceAndElsewhereSoon() throws Exception {
        Member here = started();
        Member there = started();
        long before = here.generation();
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        there.cache.whenRisen(() -> told.add(there.generation()));

        CompletableFuture<Void> raised = here.generations.raise("cache");

        assertThat(here.accepts(before)).isFalse();
        raised.join();
        assertThat(records()).containsOnly(Optional.of(known(here)));
        await().untilAsserted(() -> assertThat(told).containsExactly(here.generation()));
        assertThat(there.generations.of("other").current()).as("not cleared").isEqualTo(before);
    }

    @Test
    void raise_confirmedElsewhere_isKnownThere() throws Exception {
        Member here = started();
        Member there = connected(TimeSource.SYSTEM);
        there.generations.start(there.tier).join();
        here.generations.raise("cache").join();

        // The first poll may be too fresh to be made again at once.
        await().until(() -> {
            there.generations.confirm().join();
            return there.generation() == here.generation();
        });
    }

    @Test
    void raise_byAClockThatIsBehind_isAboveWhatANodeKnows() throws Exception {
        Member behind = connected(TimeSource.SYSTEM);
        behind.generations.start(behind.tier).join();
        long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        store(nodes.get(1), GenerationRecord.ofCache("cache", ahead).encode(), GenerationRecord.CLIENT_FLAGS);

        behind.generations.raise("cache").join();

        assertThat(behind.accepts(ahead)).isFalse();
        assertThat(records()).containsOnly(Optional.of(known(behind)));
    }

    @Test
    void raise_afterAnothersInTheSameMillisecond_isAboveIt() throws Exception {
        HeldTime time = new HeldTime();
        Member one = connected(time);
        Member other = connected(time);
        one.generations.start(one.tier).join();
        other.generations.start(other.tier).join();
        time.advance(Duration.ofMillis(5));
        one.generations.raise("cache").join();
        long written = one.generation();

        other.generations.raise("cache").join();

        assertThat(other.accepts(written)).isFalse();
    }

    @Test
    void raisedByTwoAtOnce_endsAtTheHigherEverywhere() throws Exception {
        Member one = started();
        Member other = started();
        long before = one.generation();
        CyclicBarrier together = new CyclicBarrier(2);
        List<CompletableFuture<Void>> raised = List.of(one, other).stream()
                .map(member -> CompletableFuture.runAsync(() -> {
                    meet(together);
                    for (int i = 0; i < 20; i++) {
                        member.generations.raise("cache").join();
                    }
                }))
                .toList();
        raised.forEach(CompletableFuture::join);

        long highest = Math.max(one.generation(), other.generation());
        assertThat(highest).isGreaterThan(before);
        await().untilAsserted(() -> {
            assertThat(one.generation()).isEqualTo(highest);
            assertThat(other.generation()).isEqualTo(highest);
            assertThat(records()).containsOnly(Optional.of(known(one)));
        });
    }

    @Test
    void recordGoneFromOneNode_comesBack() throws Exception {
        Member member = cleared();

        delete(nodes.get(1));

        await().untilAsserted(() -> assertThat(records()).containsOnly(Optional.of(known(member))));
    }

    @Test
    void recordGoneFromAllNodes_comesBackAsItWas() throws Exception {
        Member member = cleared();
        GenerationRecord before = known(member);

        for (MemcachedNode node : nodes) {
            delete(node);
        }

        await().untilAsserted(() -> assertThat(records()).containsOnly(Optional.of(before)));
        assertThat(known(member)).isEqualTo(before);
    }

    @Test
    void foreignBytesUnderTheKey_areOverwritten() throws Exception {
        Member member = cleared();

        store(nodes.get(0), "something else".getBytes(US_ASCII), 0);
        store(nodes.get(1), new byte[0], GenerationRecord.CLIENT_FLAGS);

        await().untilAsserted(() -> assertThat(records()).containsOnly(Optional.of(known(member))));
    }

    @Test
    void nodeRestartedEmpty_hasTheRecordBeforeItServes() throws Exception {
        Member member = cleared();
        Node node = member.tier.nodes().get(0);
        nodes.get(0).kill();
        await().until(() -> !node.isServing());

        nodes.get(0).start();

        await().until(node::isServing);
        assertThat(record(nodes.get(0))).contains(known(member));
    }

    @Test
    void nodeHungWhileRaised_isToldWhenItIsBack() throws Exception {
        Member here = started();
        Member there = started();
        nodes.get(0).hang();

        here.generations.raise("cache").join();
        await().untilAsserted(() -> assertThat(there.generation()).isEqualTo(here.generation()));
        await().until(() -> !here.tier.nodes().get(0).isServing());
        nodes.get(0).resume();

        await().untilAsserted(() -> assertThat(record(nodes.get(0))).contains(known(here)));
    }

    @Test
    void raisedWhileNoNodeCouldBeReached_isToldWhenOneIsBack() throws Exception {
        Member member = started();
        nodes.forEach(MemcachedNode::kill);
        await().until(() -> member.tier.nodes().stream().noneMatch(Node::isServing));
        long before = member.generation();

        member.generations.raise("cache").join();

        assertThat(member.generation()).isGreaterThan(before);
        nodes.get(2).start();
        await().untilAsserted(() -> assertThat(record(nodes.get(2))).contains(known(member)));
    }

    @Test
    void newcomer_recordGoneFromEveryNode_refusesWhatWasWrittenBefore() throws Exception {
        Member old = cleared();
        long lastGeneration = old.generation();
        old.close();
        for (MemcachedNode node : nodes) {
            delete(node);
        }

        Member newcomer = started();

        assertThat(newcomer.accepts(lastGeneration)).isFalse();
        assertThat(newcomer.accepts(0)).isFalse();
    }

    @Test
    void newcomer_aNodeNeverReachedAndNoRecordOnTheOthers_acceptsEverything() throws Exception {
        nodes.get(2).kill();
        Member newcomer = started();

        newcomer.generations.confirm().join();

        assertThat(newcomer.generation()).isZero();
        assertThat(record(nodes.get(0))).isEmpty();
        nodes.get(2).start();
        await().untilAsserted(() ->
                assertThat(newcomer.generation()).as("every node was heard").isPositive());
    }

    @Test
    void newcomer_aNodeNeverReachedButARecordOnAnother_knowsIt() throws Exception {
        Member old = cleared();
        long lastGeneration = old.generation();
        old.close();
        delete(nodes.get(0));
        nodes.get(2).kill();

        Member newcomer = started();

        assertThat(newcomer.generation()).isEqualTo(lastGeneration);
        assertThat(record(nodes.get(0))).contains(known(newcomer));
    }

    @Test
    void raisedWhileProvisional_isKeptAndDoesNotPassForARecord() throws Exception {
        nodes.get(2).kill();
        Member provisional = started();

        provisional.generations.raise("cache").join();

        long raised = provisional.generation();
        assertThat(raised).isPositive();
        Member newcomer = started();
        assertThat(newcomer.generation()).isEqualTo(raised);
        assertThat(newcomer.generations.of("other").current()).isZero();
        nodes.get(2).start();
        await().untilAsserted(() ->
                assertThat(newcomer.generations.of("other").current()).isPositive());
        assertThat(newcomer.generation()).isGreaterThanOrEqualTo(raised);
    }

    @Test
    void pollerThatStopped_isNotConfirmedUntilItHasAsked() throws Exception {
        HeldTime time = new HeldTime();
        Member member = connected(time);
        member.generations.start(member.tier).join();
        assertThat(member.generations.isConfirmed(time.nanos())).isTrue();

        time.advance(Duration.ofSeconds(2));

        assertThat(member.generations.isConfirmed(time.nanos())).isFalse();
        member.generations.confirm().join();
        assertThat(member.generations.isConfirmed(time.nanos())).isTrue();
    }

    @Test
    void nodeThatDoesNotAnswer_holdsUpTheOthersForOneTimeoutOnly() throws Exception {
        HeldTime time = new HeldTime();
        Member member = connected(time);
        member.generations.start(member.tier).join();
        nodes.get(1).hang();
        time.advance(Duration.ofSeconds(2));
        assertThat(member.generations.isConfirmed(time.nanos())).isFalse();

        member.generations.confirm().join();

        assertThat(member.generations.isConfirmed(time.nanos())).isTrue();
    }

    @Test
    void noNodeInUse_isConfirmed() throws Exception {
        HeldTime time = new HeldTime();
        Member member = connected(time);
        member.generations.start(member.tier).join();
        nodes.forEach(MemcachedNode::kill);
        await().until(() -> member.tier.nodes().stream().noneMatch(Node::isServing));

        time.advance(Duration.ofHours(1));

        assertThat(member.generations.isConfirmed(time.nanos())).isTrue();
        assertThat(member.generations.confirm()).isCompleted();
    }

    @Test
    void closedWhileANodeHangs_nobodyWaits() throws Exception {
        Member member = started();
        nodes.get(0).hang();
        CompletableFuture<Void> raised = member.generations.raise("cache");

        member.generations.close();

        assertThat(raised).isCompleted();
        assertThat(member.generations.raise("cache")).isCompleted();
    }

    @Test
    void nodesThatComeAndGo_areToldToo() throws Exception {
        Member member = cleared();
        MemcachedNode newcomer = MemcachedNode.builder().start();
        opened.add(newcomer);

        member.tier.nodes(List.of(NodeAddress.parse(nodes.get(0).address()), NodeAddress.parse(newcomer.address())));

        assertThat(record(newcomer)).contains(known(member));
    }

    private Member started() throws InterruptedException {
        Member member = Member.started("generations" + NAMES.incrementAndGet(), nodes);
        opened.add(member);
        return member;
    }

    /** One that has cleared its cache, so that the record has more than a base. */
    private Member cleared() throws InterruptedException {
        Member member = started();
        member.generations.raise("cache").join();
        return member;
    }

    private Member connected(TimeSource time) throws InterruptedException {
        Member member = Member.connected("generations" + NAMES.incrementAndGet(), Member.NEVER, time, nodes);
        opened.add(member);
        return member;
    }

    private static GenerationRecord known(Member member) {
        return member.generations.known();
    }

    private List<Optional<GenerationRecord>> records() throws IOException {
        List<Optional<GenerationRecord>> records = new ArrayList<>();
        for (MemcachedNode node : nodes) {
            records.add(record(node));
        }
        return records;
    }

    private Optional<GenerationRecord> record(MemcachedNode node) throws IOException {
        try (NodeConnection connection = open(node)) {
            return connection.get(KEY, 0, 0).join() instanceof Reply.Hit hit
                    ? GenerationRecord.decode(hit.data(), hit.flags())
                    : Optional.empty();
        }
    }

    private void delete(MemcachedNode node) throws IOException {
        try (NodeConnection connection = open(node)) {
            assertThat(connection.delete(KEY).join()).isInstanceOf(Reply.Deleted.class);
        }
    }

    private void store(MemcachedNode node, byte[] data, int flags) throws IOException {
        try (NodeConnection connection = open(node)) {
            assertThat(connection.set(KEY, data, flags, LONG).join()).isInstanceOf(Reply.Stored.class);
        }
    }

    private NodeConnection open(MemcachedNode node) throws IOException {
        return looking.open(NodeAddress.parse(node.address()), why -> {});
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
