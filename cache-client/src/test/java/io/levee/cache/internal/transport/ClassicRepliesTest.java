package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static io.levee.cache.internal.transport.Replies.unavailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.internal.transport.HostileServer.Request;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic replies that are wrong, late or cut short. They carry no number of their request, so that their order is all there is. */
class ClassicRepliesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final String GOOD = "VALUE {key} 3 5 9\r\nvalue\r\nEND\r\n";

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

    private NodeConnection connect(HostileServer.Script script, Duration operationTimeout) throws IOException {
        HostileServer server = opened(new HostileServer(script));
        SpyTransport transport = opened(new SpyTransport("test", LONG, operationTimeout));
        NodeConnection connection = opened(transport.open(server.address(), losses::add));
        connection.speakClassic();
        return connection;
    }

    private NodeConnection answering(String template) throws IOException {
        return connect(
                wire -> {
                    for (Request request = wire.next(); request != null; request = wire.next()) {
                        wire.send(request.answer(template));
                    }
                },
                LONG);
    }

    @Test
    void goodReply_get_isHit() throws IOException {
        Reply.Hit hit = await(answering(GOOD).get("key", 30, 30), Reply.Hit.class);

        assertThat(hit.data()).isEqualTo("value".getBytes(UTF_8));
        assertThat(hit.flags()).isEqualTo(3);
        assertThat(hit.token()).isEqualTo(9);
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VALUE other 3 5 9\r\nvalue\r\nEND\r\n",
                "VALUE {key}2 3 5 9\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3 5\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3 4 9\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3 6 9\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3 -5 9\r\nvalue\r\nEND\r\n",
                "VALUE {key} 3 67108865 9\r\n",
                "EN\r\n",
                "STORED\r\n",
                "ERROR\r\n",
                "\r\n",
            })
    void notTheAnswer_get_isRefusedAndTheConnectionEnds(String template) throws IOException {
        NodeConnection connection = answering(template);

        unavailable(connection.get("key", 0, 0), Reason.REFUSED);

        await().until(() -> losses.size() == 1);
        assertThat(connection.isAlive()).isFalse();
    }

    @Test
    void answeredTwice_get_isTheFirstAndTheConnectionEnds() throws IOException {
        NodeConnection connection = answering("VALUE {key} 3 5 9\r\nvalue\r\nVALUE {key} 3 5 8\r\nvalue\r\nEND\r\n");

        assertThat(await(connection.get("key", 0, 0), Reply.Hit.class).token()).isEqualTo(9);

        await().until(() -> losses.size() == 1);
    }

    @Test
    void errorLine_get_isRefusedAndTheConnectionGoesOn() throws IOException {
        NodeConnection connection = answering("SERVER_ERROR out of memory writing get response\r\n");

        for (int i = 0; i < 3; i++) {
            unavailable(connection.get("key", 30, 0), Reason.REFUSED);
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void addRefused_getWithLease_isNoMissAndTheConnectionGoesOn() throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    wire.next();
                    wire.send("END\r\n");
                    wire.next();
                    wire.next();
                    wire.send("SERVER_ERROR out of memory storing object\r\nEND\r\n");
                    wire.send(wire.next().answer(GOOD));
                    wire.awaitEnd();
                },
                LONG);

        assertThat(unavailable(connection.get("key", 30, 0), Reason.REFUSED).detail())
                .isEqualTo("SERVER_ERROR out of memory storing object");
        await(connection.get("key", 30, 0), Reply.Hit.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"END\r\n", "ERROR\r\n", "STORED\r\nSTORED\r\nEND\r\n"})
    void notTheAnswersToAddAndGets_getWithLease_isRefusedAndTheConnectionEnds(String answer) throws IOException {
        NodeConnection connection = connect(
                wire -> {
                    wire.next();
                    wire.send("END\r\n");
                    wire.next();
                    wire.next();
                    wire.send(answer);
                    wire.awaitEnd();
                },
                LONG);

        unavailable(connection.get("key", 30, 0), Reason.REFUSED);

        await().until(() -> losses.size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HD\r\n", "DELETED\r\n", "END\r\n", "ERROR\r\n"})
    void notTheAnswer_setAndFill_areRefusedAndTheConnectionEnds(String template) throws IOException {
        unavailable(answering(template).set("key", new byte[10], 0, TTL), Reason.REFUSED);
        unavailable(answering(template).fill("key", new byte[10], 0, TTL, 9), Reason.REFUSED);

        await().until(() -> losses.size() == 2);
    }

    @Test
    void someAnswered_getAllTimesOut_keepsThemAndTheLateAnswersAreNobodys() throws IOException {
        CountDownLatch timedOut = new CountDownLatch(1);
        NodeConnection connection = connect(
                wire -> {
                    wire.next();
                    wire.send("VALUE a 0 1 1\r\na\r\nVALUE b 0 1 2\r\n");
                    timedOut.await();
                    wire.send("b\r\nVALUE c 0 1 3\r\nc\r\nEND\r\n");
                    wire.send(wire.next().answer(GOOD));
                    wire.awaitEnd();
                },
                SHORT);

        List<Reply> replies = await(connection.getAll(List.of("a", "b", "c"), 30, 0));
        CompletableFuture<Reply> next = connection.get("c", 0, 0);
        timedOut.countDown();

        assertThat(replies.get(0)).isInstanceOf(Reply.Hit.class);
        assertThat(replies.subList(1, 3)).allMatch(Reply.Unavailable.class::isInstance);
        assertThat(await(next, Reply.Hit.class).data()).isEqualTo("value".getBytes(UTF_8));
        assertThat(losses).isEmpty();
    }

    @Test
    void noTokensKept_fillAndRelease_areNotStoredAndNotSent() throws IOException {
        NodeConnection connection = answering("STORED\r\n");

        assertThat(connection.fill("key", new byte[1], 0, TTL, 0)).isCompletedWithValue(new Reply.NotStored());
        assertThat(connection.release("key", 0)).isCompletedWithValue(new Reply.NotStored());
    }
}
