package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static io.levee.cache.internal.transport.Replies.unavailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.internal.transport.HostileReply.Outcome;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server says: no future hangs, no value is another request's, and each reply says what came. */
class HostileRepliesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final String GOOD = "VA 5 f3 c9 k{key} O{opaque}\r\nvalue\r\n";

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

    private NodeConnection connect(HostileServer server, Duration operationTimeout) throws IOException {
        opened(server);
        SpyTransport transport = opened(new SpyTransport("test", LONG, operationTimeout));
        return opened(transport.open(server.address(), losses::add));
    }

    private static Stream<HostileReply> outOfStep() {
        return with(Outcome.OUT_OF_STEP);
    }

    private static Stream<HostileReply> errorLine() {
        return with(Outcome.ERROR_LINE);
    }

    private static Stream<HostileReply> silence() {
        return with(Outcome.SILENCE);
    }

    private static Stream<HostileReply> with(Outcome outcome) {
        return Stream.of(HostileReply.values()).filter(reply -> reply.outcome() == outcome);
    }

    /** Says the hostile thing to the first get, and the truth to all others. */
    private static HostileServer.Script first(HostileReply reply) {
        return wire -> {
            boolean said = false;
            for (HostileServer.Request request = wire.next(); request != null; request = wire.next()) {
                wire.send(request.answer(said ? GOOD : reply.template()));
                said = true;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void anyHostileReply_pipelinedGets_noneHangsAndNoneIsAnothersValue(HostileReply hostile) throws IOException {
        NodeConnection connection = connect(HostileServer.answering(hostile.template()), SHORT);

        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            futures.add(connection.get("key-" + i, 30, 0));
        }

        futures.forEach(future -> await(future, Reply.Unavailable.class));
    }

    @ParameterizedTest
    @MethodSource("outOfStep")
    void replyOutOfStep_get_isRefusedAndTheConnectionEndsOnce(HostileReply hostile) throws IOException {
        NodeConnection connection = connect(new HostileServer(first(hostile)), LONG);

        Reply.Unavailable reply = unavailable(connection.get("key", 0, 0), Reason.REFUSED);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly(reply.detail());
        assertThat(connection.isAlive()).isFalse();
        unavailable(connection.get("key", 0, 0), Reason.DISCONNECTED);
    }

    @ParameterizedTest
    @MethodSource("errorLine")
    void errorLine_get_isRefusedAndTheConnectionGoesOn(HostileReply hostile) throws IOException {
        NodeConnection connection = connect(new HostileServer(first(hostile)), LONG);

        CompletableFuture<Reply> refused = connection.get("key", 0, 0);
        CompletableFuture<Reply> next = connection.get("key", 0, 0);

        assertThat(unavailable(refused, Reason.REFUSED).detail())
                .isEqualTo(hostile.template().strip());
        assertThat(await(next, Reply.Hit.class).data()).isEqualTo("value".getBytes(UTF_8));
        assertThat(losses).isEmpty();
        assertThat(connection.isAlive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("silence")
    void replyThatDoesNotEnd_get_timesOut(HostileReply hostile) throws IOException {
        NodeConnection connection = connect(new HostileServer(first(hostile)), SHORT);

        unavailable(connection.get("key", 0, 0), Reason.TIMEOUT);

        assertThat(losses).isEmpty();
    }

    @Test
    void largeValueAnnounced_get_claimsNoMoreMemoryThanCame() throws IOException {
        HostileReply hostile = HostileReply.A_LARGE_VALUE_THAT_NEVER_COMES;
        NodeConnection connection = connect(new HostileServer(first(hostile)), SHORT);

        unavailable(connection.get("key", 0, 0), Reason.TIMEOUT);

        long id = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("levee-test-io-"))
                .mapToLong(Thread::getId)
                .max()
                .orElseThrow();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(threads.getThreadAllocatedBytes(id)).isBetween(1L, 8L << 20);
    }

    @Test
    void garbageAfterAGoodReply_get_isHitAndTheConnectionEnds() throws IOException {
        NodeConnection connection = connect(HostileServer.answering(GOOD + "GARBAGE\r\n"), LONG);

        assertThat(await(connection.get("key", 0, 0), Reply.Hit.class).token()).isEqualTo(9);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).hasSize(1).first().asString().startsWith("bytes that nobody asked for");
    }

    @Test
    void bytesBeforeAnyRequest_idleConnection_ends() throws IOException {
        connect(
                new HostileServer(wire -> {
                    wire.send("hello\r\n");
                    wire.awaitEnd();
                }),
                LONG);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly("bytes that nobody asked for: hello");
    }

    @Test
    void connectionLimitSaidAndClosed_idleConnection_isLostWithTheNodesWords() throws IOException {
        NodeConnection connection =
                connect(new HostileServer(wire -> wire.send("ERROR Too many open connections\r\n")), LONG);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly("the node said \"ERROR Too many open connections\"");
        assertThat(connection.isAlive()).isFalse();
    }

    @Test
    void errorLineAndThenClosed_probe_isRefusedAndTheLossSaysTheLine() throws IOException {
        NodeConnection connection = connect(
                new HostileServer(wire -> {
                    wire.next();
                    wire.send("ERROR Too many open connections\r\n");
                }),
                LONG);

        unavailable(connection.probe(), Reason.REFUSED);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly("the node said \"ERROR Too many open connections\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VA 5 f0", "VA 5 f0 c1 k{key} O{opaque}\r\nval"})
    void closedBeforeTheEndOfTheReply_get_isDisconnected(String begun) throws IOException {
        NodeConnection connection =
                connect(new HostileServer(wire -> wire.send(wire.next().answer(begun))), LONG);

        Reply.Unavailable reply = unavailable(connection.get("key", 0, 0), Reason.DISCONNECTED);

        assertThat(reply.detail()).isEqualTo("closed by the node");
        assertThat(losses).containsExactly("closed by the node");
    }

    @Test
    void reset_get_isDisconnected() throws IOException {
        NodeConnection connection = connect(
                new HostileServer(wire -> {
                    wire.next();
                    wire.reset();
                }),
                LONG);

        assertThat(unavailable(connection.get("key", 0, 0), Reason.DISCONNECTED).detail())
                .isEqualTo("connection reset");
    }

    @Test
    void closedAfterAccept_connection_isLostOnceAndNeverMadeAgain() throws IOException {
        HostileServer server = new HostileServer(wire -> {});
        NodeConnection connection = connect(server, SHORT);

        await().until(() -> !losses.isEmpty());
        // Spymemcached would connect again within seconds, and sooner if it is given work.
        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(20)).until(() -> {
            unavailable(connection.get("key", 0, 0), Reason.DISCONNECTED);
            return server.accepted() == 1 && losses.size() == 1;
        });
    }

    @Test
    void replyAfterTheTimeOut_nextGet_getsItsOwn() throws IOException {
        CountDownLatch timedOut = new CountDownLatch(1);
        NodeConnection connection = connect(
                new HostileServer(wire -> {
                    HostileServer.Request late = wire.next();
                    timedOut.await();
                    wire.send(late.answer("VA 4 f0 c1 k{key} O{opaque}\r\nlate\r\n"));
                    for (HostileServer.Request request = wire.next(); request != null; request = wire.next()) {
                        wire.send(request.answer(GOOD));
                    }
                }),
                Duration.ofMillis(500));
        unavailable(connection.get("key", 0, 0), Reason.TIMEOUT);
        assertThat(connection.inFlight()).as("still to be answered").isEqualTo(1);

        CompletableFuture<Reply> next = connection.get("key", 0, 0);
        timedOut.countDown();

        assertThat(await(next, Reply.Hit.class).data()).isEqualTo("value".getBytes(UTF_8));
        assertThat(connection.inFlight()).isZero();
        assertThat(losses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HD O1{opaque}\r\n", "OK\r\n", "VA 0\r\n\r\n", "ERROR\r\n"})
    void wrongAnswer_set_isRefusedAndTheConnectionEnds(String answer) throws IOException {
        NodeConnection connection = connect(HostileServer.answering(answer), LONG);

        unavailable(connection.set("key", new byte[10], 0, TTL), Reason.REFUSED);

        await().until(() -> losses.size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIENT_ERROR bad data chunk", "SERVER_ERROR out of memory storing object"})
    void errorLine_set_isRefusedAndTheConnectionGoesOn(String line) throws IOException {
        NodeConnection connection = connect(HostileServer.answering(line + "\r\n"), LONG);

        for (int i = 0; i < 3; i++) {
            assertThat(unavailable(connection.set("key", new byte[10], 0, TTL), Reason.REFUSED)
                            .detail())
                    .isEqualTo(line);
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void objectTooLargeLine_set_isTooLarge() throws IOException {
        NodeConnection connection =
                connect(HostileServer.answering("SERVER_ERROR object too large for cache\r\n"), LONG);

        assertThat(await(connection.set("key", new byte[10], 0, TTL))).isEqualTo(new Reply.TooLarge(10, 1 << 20));
    }

    @Test
    void missWithoutEcho_get_isMiss() throws IOException {
        NodeConnection connection = connect(HostileServer.answering("EN\r\n"), LONG);

        assertThat(await(connection.get("key", 0, 0))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
    }

    @Test
    void unknownFlags_get_areIgnored() throws IOException {
        NodeConnection connection =
                connect(HostileServer.answering("VA 5 n7 f3 c9 k{key} O{opaque} X Z s5\r\nvalue\r\n"), LONG);

        Reply.Hit hit = await(connection.get("key", 0, 0), Reply.Hit.class);

        assertThat(hit.stale()).isTrue();
        assertThat(hit.lease()).isEqualTo(Lease.LOST);
        assertThat(hit.flags()).isEqualTo(3);
    }

    @Test
    void highestToken_getAndFill_isKept() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        NodeConnection connection = connect(
                new HostileServer(wire -> {
                    wire.send(wire.next().answer("VA 0 f0 c18446744073709551615 k{key} O{opaque} W\r\n\r\n"));
                    HostileServer.Request fill = wire.next();
                    asked.add(fill.line());
                    wire.send(fill.answer("HD O{opaque}\r\n"));
                    wire.awaitEnd();
                }),
                LONG);

        long token = await(connection.get("key", 30, 0), Reply.Miss.class).token();
        await(connection.fill("key", new byte[1], 0, TTL, token), Reply.Stored.class);

        assertThat(asked).singleElement().asString().endsWith(" C18446744073709551615");
    }

    @Test
    void endlessStatistics_stats_areRefusedAndTheConnectionEnds() throws IOException {
        NodeConnection connection = connect(HostileServer.answering("STAT name value\r\n".repeat(5_000)), LONG);

        unavailable(connection.stats(""), Reason.REFUSED);

        await().until(() -> losses.size() == 1);
    }

    @Test
    void dependentThatThrows_get_leavesTheConnectionAlive() throws IOException {
        NodeConnection connection = connect(HostileServer.answering(GOOD), LONG);

        CompletableFuture<Reply> first = connection.get("key", 0, 0);
        CompletableFuture<Object> failing = first.thenApply(reply -> {
            throw new StackOverflowError("of a dependent");
        });
        await(first, Reply.Hit.class);
        await().until(failing::isDone);

        await(connection.get("key", 0, 0), Reply.Hit.class);
        assertThat(losses).isEmpty();
    }
}
