package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.HostileServer.Request;
import io.levee.cache.internal.transport.HostileServer.Wire;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bulk reads that fail in the middle: what came is kept, what did not is never a miss, and nothing is another's. */
class BulkReadTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final Reply MISS = new Reply.Miss(Lease.NONE, 0);
    private static final List<String> KEYS = List.of("a", "b", "c", "d");
    private static final String VALUE = "VA 5 f3 c9 k{key} O{opaque}\r\nvalue\r\n";

    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private SpyTransport transport(Duration operationTimeout) {
        return opened(new SpyTransport("test", LONG, operationTimeout));
    }

    private NodeConnection connect(HostileServer.Script script, Duration operationTimeout) throws IOException {
        HostileServer server = opened(new HostileServer(script));
        return opened(transport(operationTimeout).open(server.address(), losses::add));
    }

    /** The requests up to the next {@code mn}, without it. */
    private static List<Request> bulk(Wire wire) throws IOException {
        List<Request> requests = new ArrayList<>();
        for (Request request = wire.next(); !request.line().equals("mn"); request = wire.next()) {
            requests.add(request);
        }
        return requests;
    }

    private static void answerAll(Wire wire) throws IOException {
        for (Request request = wire.next(); request != null; request = wire.next()) {
            wire.send(request.answer(VALUE));
        }
    }

    private static byte[] value() {
        return "value".getBytes(UTF_8);
    }

    private static void assertHit(Reply reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Hit.class, hit -> assertThat(hit.data()).isEqualTo(value()));
    }

    private static void assertUnavailable(Reply reply, Reason reason) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Unavailable.class, no -> assertThat(no.reason()).isEqualTo(reason));
    }

    @Test
    void someAnswered_timeOut_keepsThemAndTheRestIsUnavailable() throws IOException {
        CountDownLatch timedOut = new CountDownLatch(1);
        NodeConnection connection = connect(
                wire -> {
                    List<Request> requests = bulk(wire);
                    wire.send(requests.get(1).answer(VALUE)
                            + requests.get(2).answer("VA 5 f3 c9 k{key} O{opaque}\r\nval"));
                    timedOut.await();
                    wire.send("ue\r\nMN\r\n");
                    answerAll(wire);
                },
                SHORT);

        List<Reply> replies = await(connection.getAll(KEYS, 0, 0));

        assertHit(replies.get(1));
        for (int late : new int[] {0, 2, 3}) {
            assertUnavailable(replies.get(late), Reason.TIMEOUT);
        }
        assertThat(connection.inFlight()).as("still to be answered").isEqualTo(1);
        timedOut.countDown();
        assertHit(await(connection.get("next", 0, 0)));
        assertUnavailable(replies.get(2), Reason.TIMEOUT);
    }

    @Test
    void answeredAfterTheTimeOut_nextReads_getTheirOwn() throws IOException {
        CountDownLatch timedOut = new CountDownLatch(1);
        NodeConnection connection = connect(
                wire -> {
                    List<Request> late = bulk(wire);
                    timedOut.await();
                    for (Request request : late) {
                        wire.send(request.answer("VA 4 f0 c1 k{key} O{opaque}\r\nlate\r\n"));
                    }
                    wire.send("MN\r\n");
                    for (Request request : bulk(wire)) {
                        wire.send(request.answer(VALUE));
                    }
                    wire.send("MN\r\n");
                    answerAll(wire);
                },
                SHORT);
        await(connection.getAll(KEYS, 0, 0)).forEach(reply -> assertUnavailable(reply, Reason.TIMEOUT));

        CompletableFuture<List<Reply>> all = connection.getAll(KEYS, 0, 0);
        CompletableFuture<Reply> one = connection.get("a", 0, 0);
        timedOut.countDown();

        await(all).forEach(BulkReadTest::assertHit);
        assertHit(await(one));
        assertThat(connection.inFlight()).isZero();
        assertThat(losses).isEmpty();
    }

    @Test
    void closedInTheMiddle_getAll_keepsWhatCame() throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    List<Request> requests = bulk(wire);
                    wire.send(requests.get(0).answer(VALUE)
                            + requests.get(3).answer("VA 5 f3 c9 k{key} O{opaque}\r\nva"));
                },
                LONG);

        List<Reply> replies = await(connection.getAll(KEYS, 0, 0));

        assertHit(replies.get(0));
        replies.subList(1, 4).forEach(reply -> assertUnavailable(reply, Reason.DISCONNECTED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VA 5 f3 c9 kc O{opaque}\r\nvalue\r\n",
                "VA 5 f3 c9 ka O{opaque}\r\nvalue\r\n",
                "VA 5 f3 c9 k{key} O1{opaque}\r\nvalue\r\n",
                "VA 5 f3 c9 k{key}\r\nvalue\r\n",
                "VA 5 f3 c9 O{opaque}\r\nvalue\r\n",
                "VA 4 f3 c9 k{key} O{opaque}\r\nvalue\r\n",
                "EN\r\n",
                "ERROR\r\n",
                "HD O{opaque}\r\n",
            })
    void notTheKeysAnswer_getAll_endsTheConnectionAndKeepsWhatCame(String answer) throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    List<Request> requests = bulk(wire);
                    wire.send(requests.get(0).answer(VALUE) + requests.get(1).answer(answer));
                    wire.awaitEnd();
                },
                LONG);

        List<Reply> replies = await(connection.getAll(KEYS, 0, 0));

        assertHit(replies.get(0));
        replies.subList(1, 4).forEach(reply -> assertUnavailable(reply, Reason.REFUSED));
        await().until(() -> losses.size() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void answeredTwiceOrOutOfOrder_getAll_endsTheConnection(int again) throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    List<Request> requests = bulk(wire);
                    wire.send(
                            requests.get(1).answer(VALUE) + requests.get(again).answer(VALUE));
                    wire.awaitEnd();
                },
                LONG);

        assertUnavailable(await(connection.getAll(KEYS, 0, 0)).get(0), Reason.REFUSED);
        await().until(() -> losses.size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVER_ERROR out of memory writing get response", "CLIENT_ERROR bad command line format"})
    void errorLineInTheMiddle_getAll_isNoMissAndTheConnectionGoesOn(String line) throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    List<Request> requests = bulk(wire);
                    wire.send(requests.get(0).answer(VALUE) + line + "\r\n"
                            + requests.get(2).answer(VALUE) + "MN\r\n");
                    answerAll(wire);
                },
                LONG);

        CompletableFuture<List<Reply>> all = connection.getAll(KEYS, 0, 0);
        CompletableFuture<Reply> next = connection.get("next", 0, 0);

        assertHit(await(all).get(0));
        assertHit(await(all).get(2));
        assertThat(await(all).get(1)).isEqualTo(new Reply.Unavailable(Reason.REFUSED, line));
        assertThat(await(all).get(3)).isEqualTo(new Reply.Unavailable(Reason.REFUSED, line));
        assertHit(await(next));
        assertThat(losses).isEmpty();
    }

    @Test
    void nodeStopped_getAll_timesOutAndTheLateAnswersAreNobodys() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = opened(transport(SHORT).open(NodeAddress.parse(node.address()), losses::add));
        List<String> keys = IntStream.range(0, 500).mapToObj(i -> "key-" + i).toList();
        for (String key : keys) {
            await(connection.set(key, key.getBytes(UTF_8), 0, TTL), Reply.Stored.class);
        }
        node.hang();
        try {
            await(connection.getAll(keys, 0, 0)).forEach(reply -> assertUnavailable(reply, Reason.TIMEOUT));
        } finally {
            node.resume();
        }

        await().until(() -> connection.inFlight() == 0);
        List<Reply> replies = await(connection.getAll(keys, 0, 0));
        for (int i = 0; i < keys.size(); i++) {
            assertThat(((Reply.Hit) replies.get(i)).data())
                    .isEqualTo(keys.get(i).getBytes(UTF_8));
        }
        assertThat(await(connection.get("none", 0, 0))).isEqualTo(MISS);
        assertThat(losses).isEmpty();
    }

    @Test
    void slotsUsedUp_getAll_isShedAsAWhole() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        SpyTransport narrow = opened(new SpyTransport("test", LONG, LONG, 4));
        NodeConnection connection = opened(narrow.open(NodeAddress.parse(node.address()), losses::add));
        node.hang();

        CompletableFuture<List<Reply>> fits = connection.getAll(keys(24), 0, 0);
        CompletableFuture<List<Reply>> shed = connection.getAll(keys(9), 0, 0);

        assertThat(shed).isCompleted();
        await(shed).forEach(reply -> assertUnavailable(reply, Reason.SHED));
        assertThat(connection.inFlight()).isEqualTo(3);
        node.resume();
        assertThat(await(fits)).hasSize(24).containsOnly(MISS);
        assertThat(connection.inFlight()).isZero();
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key-" + i).toList();
    }
}
