package io.levee.cache.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import net.spy.memcached.ops.OperationState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replies that arrive in pieces, or too early, fed to operations as the I/O thread would. */
class SplitRepliesTest {
    private static final int OPAQUE = 7;
    private static final String NEXT_REPLY = "EN\r\n";

    private static HostileServer server;
    private static SpyTransport transport;
    private static SpyConnection connection;

    @BeforeAll
    static void open() throws IOException {
        server = new HostileServer(HostileServer.Wire::awaitEnd);
        transport = new SpyTransport("test", Duration.ofSeconds(10), Duration.ofMinutes(10));
        connection = (SpyConnection) transport.open(server.address(), why -> {});
    }

    @AfterAll
    static void close() throws IOException {
        transport.close();
        server.close();
    }

    /** Sound replies, with the operations that they answer. */
    @SuppressWarnings("ImmutableEnumChecker") // the functions capture nothing
    enum Case {
        HIT("VA 9 f3 c9 kkey O7 W X\r\n\r\nva\r\nlue\r\n", Case::get),
        EMPTY_HIT("VA 0 f3 c9 kkey O7\r\n\r\n", Case::get),
        WON("VA 0 f0 c9 kkey O7 W\r\n\r\n", Case::get),
        LOST("VA 0 f0 c9 kkey O7 Z\r\n\r\n", Case::get),
        MISS("EN kkey O7\r\n", Case::get),
        ERROR("SERVER_ERROR out of memory writing get response\r\n", Case::get),
        STORED("HD O7\r\n", Case::fill),
        NOT_STORED("EX O7\r\n", Case::fill),
        TOO_LARGE("SERVER_ERROR object too large for cache\r\n", Case::fill),
        DELETED("NF O7\r\n", connection -> MetaWrite.delete(connection, "key", OPAQUE)),
        REOPENED("HD O7\r\n", connection -> MetaWrite.reopen(connection, "key", OPAQUE, 9)),
        MANY("VA 2 f3 c9 kkey O7\r\n\r\n\r\nVA 0 f0 c8 kother O9 W\r\n\r\nMN\r\n", Case::many),
        MANY_AND_AN_ERROR("VA 2 f3 c9 kkey O7\r\n\r\n\r\nSERVER_ERROR busy\r\nMN\r\n", Case::many),
        CLASSIC_HITS(
                "VALUE key 7 2 9\r\n\r\n\r\nVALUE other 19543 1 18446744073709551615\r\nx\r\nEND\r\n", Case::classic),
        CLASSIC_MISSES("END\r\n", Case::classic),
        CLASSIC_REFUSED("VALUE key 7 2 9\r\n\r\n\r\nSERVER_ERROR out of memory\r\n", Case::classic),
        CLASSIC_LEASES(
                "STORED\r\nSERVER_ERROR out of memory\r\nNOT_STORED\r\nVALUE key 7 0 9\r\n\r\nEND\r\n", Case::leases),
        CLASSIC_CLAIM("NOT_STORED\r\nVALUE key 7 0 9\r\n\r\nEND\r\n", Case::claim),
        CLASSIC_STORED("STORED\r\nNOT_FOUND\r\n", Case::classicFill),
        CLASSIC_NOT_STORED("EXISTS\r\nDELETED\r\n", Case::classicFill),
        CLASSIC_TOO_LARGE("SERVER_ERROR object too large for cache\r\nDELETED\r\n", Case::classicFill),
        CLASSIC_RELEASED("NOT_FOUND\r\n", connection -> ClassicWrite.release(connection, "key", 9)),
        CLASSIC_DELETED("DELETED\r\n", connection -> ClassicWrite.delete(connection, "key")),
        ALIVE("MN\r\n", PlainRequest::metaProbe),
        VERSION("VERSION 1.6.18 or so\r\n", PlainRequest::version),
        STATISTICS("STAT pid 1\r\nSTAT empty \r\nSTAT b c d\r\nEND\r\n", c -> new StatsRequest(c, ""));

        private final String text;
        private final Function<SpyConnection, SpyOperation> operation;

        Case(String text, Function<SpyConnection, SpyOperation> operation) {
            this.text = text;
            this.operation = operation;
        }

        private static SpyOperation get(SpyConnection connection) {
            return MetaGet.get(connection, "key", OPAQUE, 30, 5);
        }

        private static SpyOperation many(SpyConnection connection) {
            List<String> keys = List.of("key", "absent", "other");
            return new MetaGetAll(connection, keys, OPAQUE, 30, 5, new BulkReplies(keys.size()));
        }

        private static final List<String> KEYS = List.of("key", "absent", "other");

        private static SpyOperation classic(SpyConnection connection) {
            return ClassicRead.all(connection, KEYS, List.of(), new BulkReplies(3));
        }

        private static SpyOperation leases(SpyConnection connection) {
            List<Placeholder> left = List.of(new Placeholder(3), new Placeholder(3), new Placeholder(3));
            return ClassicRead.all(connection, KEYS, left, new BulkReplies(3));
        }

        private static SpyOperation claim(SpyConnection connection) {
            return ClassicRead.claim(connection, "key", new Placeholder(3), new BulkReplies(1));
        }

        private static SpyOperation classicFill(SpyConnection connection) {
            return ClassicWrite.fill(connection, "key", new byte[5], 0, 60, 9);
        }

        private static SpyOperation fill(SpyConnection connection) {
            return MetaWrite.fill(connection, "key", OPAQUE, new byte[5], 0, 60, 9);
        }

        SpyOperation sent() {
            SpyOperation sent = unsent();
            sent.writeComplete();
            return sent;
        }

        /** In the middle of being written. */
        SpyOperation unsent() {
            SpyOperation unsent = operation.apply(connection);
            new TimeoutQueue.Entry(unsent, 0).attach();
            unsent.writing();
            return unsent;
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static Reply whole(Case reply) throws OutOfStepException {
        SpyOperation operation = reply.sent();
        operation.readFromBuffer(bytes(reply.text));
        return operation.future().join();
    }

    /** Compared as text, since records of arrays are equal by identity. */
    private static String text(Reply reply) {
        return reply instanceof Reply.Hit hit
                ? new String(hit.data(), ISO_8859_1) + hit.flags() + hit.token() + hit.lease() + hit.stale()
                : reply.toString();
    }

    @ParameterizedTest
    @EnumSource
    void splitInTwoAnywhere_reply_isAsIfWhole(Case reply) throws OutOfStepException {
        for (int split = 0; split <= reply.text.length(); split++) {
            SpyOperation operation = reply.sent();
            operation.readFromBuffer(bytes(reply.text.substring(0, split)));
            assertThat(operation.future().isDone()).as("after %d", split).isEqualTo(split == reply.text.length());
            if (split < reply.text.length()) {
                ByteBuffer rest = bytes(reply.text.substring(split) + NEXT_REPLY);
                operation.readFromBuffer(rest);
                assertThat(rest.remaining()).as("bytes of the next reply").isEqualTo(NEXT_REPLY.length());
            }
            assertThat(operation.getState()).isEqualTo(OperationState.COMPLETE);
            assertThat(text(operation.future().join())).isEqualTo(text(whole(reply)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void byteByByte_reply_isAsIfWhole(Case reply) throws OutOfStepException {
        SpyOperation operation = reply.sent();
        for (int i = 0; i < reply.text.length(); i++) {
            assertThat(operation.getState()).isEqualTo(OperationState.READING);
            operation.readFromBuffer(bytes(reply.text.substring(i, i + 1)));
        }
        assertThat(operation.getState()).isEqualTo(OperationState.COMPLETE);
        assertThat(text(operation.future().join())).isEqualTo(text(whole(reply)));
    }

    @ParameterizedTest
    @EnumSource
    void callerGone_reply_isStillReadToItsEnd(Case reply) throws OutOfStepException {
        SpyOperation operation = reply.sent();
        Reply timeout = new Reply.Unavailable(Reply.Reason.TIMEOUT, "in a test");
        operation.complete(timeout);
        ByteBuffer data = bytes(reply.text + NEXT_REPLY);

        operation.readFromBuffer(data);

        assertThat(data.remaining()).isEqualTo(NEXT_REPLY.length());
        assertThat(operation.getState()).isEqualTo(OperationState.COMPLETE);
        assertThat(operation.future()).isCompletedWithValue(timeout);
    }

    @Test
    void callerGoneInTheMiddleOfAValue_reply_isStillReadToItsEnd() throws OutOfStepException {
        SpyOperation operation = Case.HIT.sent();
        ByteBuffer data = bytes(Case.HIT.text + NEXT_REPLY);
        data.limit(Case.HIT.text.length() - 6);
        operation.readFromBuffer(data);
        operation.complete(new Reply.Unavailable(Reply.Reason.TIMEOUT, "in a test"));
        data.limit(data.capacity());

        operation.readFromBuffer(data);

        assertThat(data.remaining()).isEqualTo(NEXT_REPLY.length());
        assertThat(operation.getState()).isEqualTo(OperationState.COMPLETE);
    }

    @Test
    void answeredWhileBeingWritten_operation_keepsItsBufferAndThenMakesWay() throws OutOfStepException {
        SpyOperation operation = Case.TOO_LARGE.unsent();

        operation.readFromBuffer(bytes(Case.TOO_LARGE.text));

        assertThat(operation.future().join()).isInstanceOf(Reply.TooLarge.class);
        assertThat(operation.getState()).isEqualTo(OperationState.WRITING);
        assertThat(operation.getBuffer()).isNotNull();
        operation.writeComplete();
        ByteBuffer next = bytes(NEXT_REPLY);
        operation.readFromBuffer(next);
        assertThat(operation.getState()).isEqualTo(OperationState.COMPLETE);
        assertThat(next.remaining()).isEqualTo(NEXT_REPLY.length());
    }

    @Test
    void answeredTwiceWhileBeingWritten_operation_isOutOfStep() throws OutOfStepException {
        SpyOperation operation = Case.TOO_LARGE.unsent();
        operation.readFromBuffer(bytes(Case.TOO_LARGE.text));

        assertThatThrownBy(() -> operation.readFromBuffer(bytes(NEXT_REPLY))).isInstanceOf(OutOfStepException.class);
    }

    @Test
    void callerGoneBeforeItIsWritten_operation_isToBeDropped() {
        SpyOperation operation = Case.fill(connection);
        new TimeoutQueue.Entry(operation, 0).attach();
        assertThat(operation.isTimedOut(0)).isFalse();

        operation.complete(new Reply.Unavailable(Reply.Reason.TIMEOUT, "in a test"));

        assertThat(operation.isTimedOut(Long.MAX_VALUE)).isTrue();
    }
}
