package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.spy.memcached.MemcachedConnection;
import net.spy.memcached.compat.log.Logger;
import net.spy.memcached.ops.KeyedOperation;
import net.spy.memcached.ops.OperationCallback;
import net.spy.memcached.ops.OperationState;
import net.spy.memcached.ops.OperationStatus;
import net.spy.memcached.protocol.BaseOperationImpl;

/**
 * One request and its reply, as spymemcached's queues carry it.
 *
 * <p>Its future is completed by whoever comes first: the I/O thread with the answer, the timeout thread, or the end of the
 * connection. The future keeps the first. The operation itself stays in spymemcached's queues until its reply has been read
 * to the end, whoever completed the future, because the next operation's reply begins there; only an operation of which
 * nothing was sent yet may be dropped. It counts as in flight until then.
 *
 * <p>Fields without a lock are touched by the I/O thread only.
 */
abstract class SpyOperation extends BaseOperationImpl implements KeyedOperation, OperationCallback {
    private final SpyConnection connection;
    private final String key;
    private final CompletableFuture<Reply> future = new CompletableFuture<>();
    private TimeoutQueue.Entry timeout;
    private boolean answered;
    private boolean left;

    SpyOperation(SpyConnection connection, String key, ByteBuffer command) {
        this.connection = connection;
        this.key = key;
        setCallback(this);
        setBuffer(command);
    }

    /**
     * Takes what has come of the answer.
     *
     * @return the reply, or null if more of it is to come, in which case all of {@code data} was taken
     */
    abstract Reply read(ByteBuffer data) throws OutOfStepException;

    final CompletableFuture<Reply> future() {
        return future;
    }

    final SpyConnection connection() {
        return connection;
    }

    final String key() {
        return key;
    }

    /** Called before the operation is in any queue, and so seen by all who complete it later. */
    final void timeout(TimeoutQueue.Entry entry) {
        timeout = entry;
    }

    /** Completes the future if nobody has yet. */
    final boolean complete(Reply reply) {
        timeout.drop();
        return future.complete(reply);
    }

    /** Whether nobody waits for the reply any more. */
    final boolean abandoned() {
        return future.isDone();
    }

    /** How many of the connection's slots in flight it takes. */
    int slots() {
        return 1;
    }

    /** Says that the queues hold this operation no longer. */
    final synchronized void leave() {
        if (!left) {
            left = true;
            connection.left(slots());
        }
    }

    /**
     * Reads a line, and returns the reply if it is one of memcached's error lines or {@link #answer} makes one of it.
     */
    final Reply readLine(ByteBuffer data) throws OutOfStepException {
        ReplyLine line = connection.line();
        if (!line.readFrom(data)) {
            return null;
        }
        if (line.startsWith("ERROR") || line.startsWith("CLIENT_ERROR ") || line.startsWith("SERVER_ERROR ")) {
            connection.said(line.text());
            return error(line);
        }
        connection.said(null);
        if (!line.next()) {
            throw new OutOfStepException("an empty line");
        }
        return answer(line);
    }

    /** What a line that is no error means; null if more is to come. The cursor stands on its first word. */
    abstract Reply answer(ReplyLine line) throws OutOfStepException;

    /** What an error line means. The connection stays in step: these are whole replies. */
    Reply error(ReplyLine line) throws OutOfStepException {
        return new Unavailable(Reason.REFUSED, line.text());
    }

    static OutOfStepException unexpected(ReplyLine line) {
        return new OutOfStepException("not an answer of memcached's: " + line.text());
    }

    @Override
    public final void readFromBuffer(ByteBuffer data) throws OutOfStepException {
        try {
            if (!answered) {
                Reply reply = read(data);
                if (reply == null) {
                    return;
                }
                answered = true;
                // Before the future completes: one who waited for it may at once send the next.
                leave();
                completeOnWire();
                MemcachedConnection.opSucceeded(this);
                complete(reply);
            } else if (getState() == OperationState.WRITING) {
                throw new OutOfStepException("a second answer to one request");
            } else {
                completeOnWire();
            }
        } catch (OutOfStepException e) {
            complete(new Unavailable(Reason.REFUSED, e.getMessage()));
            throw e;
        }
    }

    /**
     * Lets spymemcached go on to the next operation. Not while this one is still being written (a node may answer a large
     * value before it has read all of it): spymemcached would lose the buffer that it writes from. Such an operation stays
     * at the head, fully answered, and makes way when the next bytes come, which are the next operation's.
     */
    private void completeOnWire() {
        if (getState() != OperationState.WRITING) {
            transitionState(OperationState.COMPLETE);
        }
    }

    /**
     * Asked by the I/O thread, and only before it sends the first byte, whether to drop the operation. Spymemcached's own
     * answer goes by a clock; here the timeout queue is the only clock.
     */
    @Override
    public final synchronized boolean isTimedOut(long ttlMillis) {
        if (abandoned()) {
            leave();
            return true;
        }
        return false;
    }

    /** From spymemcached, when it cancels an operation or its timeout was declared. */
    @Override
    public final void receivedStatus(OperationStatus status) {
        if (status == CANCELLED) {
            leave();
            complete(new Unavailable(Reason.DISCONNECTED, "not connected"));
        }
    }

    @Override
    public final void complete() {
        // The future is completed with the reply, which this callback does not know.
    }

    @Override
    public final void initialize() {
        // The constructor has set the buffer.
    }

    @Override
    public final Collection<String> getKeys() {
        return List.of(key);
    }

    @Override
    public final byte[] getErrorMsg() {
        return new byte[0];
    }

    @Override
    protected final Logger getLogger() {
        return SpyLog.QUIET;
    }
}
