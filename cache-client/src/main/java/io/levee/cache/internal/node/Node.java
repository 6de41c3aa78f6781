package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.health.Vitals;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One node as the read and write paths see it: it answers, or it is known to be dead and says so at once.
 *
 * <p>Thread-safe; no method blocks. Operations are those of {@link
 * io.levee.cache.internal.transport.NodeConnection NodeConnection}, by the same contract; their outcomes are shown to the
 * breaker of the connection that they went to before the caller sees them.
 */
public final class Node {
    private static final CompletableFuture<Reply> NOT_STORED = CompletableFuture.completedFuture(new Reply.NotStored());

    private final AtomicReference<Session> serving = new AtomicReference<>();
    private final String name;
    private final OperationClock clock;
    private volatile NodeAddress address;
    private volatile long servingSinceNanos;

    /** What the servers of this node told last, field by field; null before the first is in use. The supervisor's thread writes it. */
    private volatile Vitals vitals;

    /** Of the server that is about to be used; no session has served on it yet. */
    private volatile Vitals admitted;

    private volatile Restart restart;
    private volatile long lostNanos;

    /** What a call gets while nothing is serving: one completed future for all of them. */
    private volatile CompletableFuture<Reply> unavailable;

    Node(NodeAddress address, OperationClock clock) {
        this.clock = clock;
        this.address = address;
        this.name = address.toString();
        this.unavailable = unavailable(address + " was not reached yet");
    }

    public NodeAddress address() {
        return address;
    }

    /** False if the node is known to be dead: an operation would only be refused. */
    public boolean isServing() {
        return serving.get() != null;
    }

    /**
     * Names the connection in use; 0 if none is. Tokens are good on the connection that they came from: who takes the number before
     * he asks for a token, and gives both back, cannot store under a token of another.
     */
    public long connectionNumber() {
        Session session = serving.get();
        return session == null ? 0 : session.number();
    }

    public CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        return session == null
                ? unavailable
                : judged(session, begunNanos, session.connection().get(key, leaseSeconds, recacheSeconds));
    }

    public CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        if (session == null) {
            return CompletableFuture.completedFuture(Collections.nCopies(keys.size(), unavailable.join()));
        }
        return session.connection()
                .getAll(keys, leaseSeconds, recacheSeconds)
                .whenComplete((replies, error) -> judge(session, begunNanos, replies));
    }

    public CompletableFuture<Reply> claim(String key, int leaseSeconds) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        return session == null
                ? unavailable
                : judged(session, begunNanos, session.connection().claim(key, leaseSeconds));
    }

    public CompletableFuture<Reply> set(String key, byte[] data, int flags, Duration ttl) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        return session == null
                ? unavailable
                : judged(session, begunNanos, session.connection().set(key, data, flags, ttl));
    }

    /**
     * As the connection's own, with a token that came from the connection of that {@link #connectionNumber number}. If another is in
     * use by now, nothing is stored: the server may have been restarted, and then it counts its tokens anew. Sent when its turn
     * comes among all that follow loads.
     */
    public CompletableFuture<Reply> fill(
            String key, byte[] data, int flags, Duration ttl, long token, long connectionNumber) {
        return following(connectionNumber, data.length, connection -> connection.fill(key, data, flags, ttl, token));
    }

    /** As {@link #fill}, but ahead of all that follow loads: for what somebody waits for. */
    public CompletableFuture<Reply> fillAtOnce(
            String key, byte[] data, int flags, Duration ttl, long token, long connectionNumber) {
        return onThat(connectionNumber, connection -> connection.fill(key, data, flags, ttl, token));
    }

    /** As the connection's own, on the same terms as {@link #fill}, but at once. */
    public CompletableFuture<Reply> add(String key, byte[] data, int flags, Duration ttl, long connectionNumber) {
        return onThat(connectionNumber, connection -> connection.add(key, data, flags, ttl));
    }

    /** As the connection's own, on the same terms as {@link #fill}, but at once. */
    public CompletableFuture<Reply> reserve(String key, Duration ttl, long connectionNumber) {
        return onThat(connectionNumber, connection -> connection.reserve(key, ttl));
    }

    /** As the connection's own, on the same terms as {@link #fill}, but at once. */
    public CompletableFuture<Reply> unreserve(String key, long token, long connectionNumber) {
        return onThat(connectionNumber, connection -> connection.unreserve(key, token));
    }

    public CompletableFuture<Reply> delete(String key) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        return session == null
                ? unavailable
                : judged(session, begunNanos, session.connection().delete(key));
    }

    /** As the connection's own, on the same terms as {@link #fill}. */
    public CompletableFuture<Reply> release(String key, long token, long connectionNumber) {
        return following(connectionNumber, 0, connection -> connection.release(key, token));
    }

    /** As the connection's own, on the same terms as {@link #fill}. */
    public CompletableFuture<Reply> reopen(String key, long token, long connectionNumber) {
        return following(connectionNumber, 0, connection -> connection.reopen(key, token));
    }

    /** As {@link #reopen}, but ahead of all that follow loads, so that it reaches the server before what is sent after it. */
    public CompletableFuture<Reply> reopenAtOnce(String key, long token, long connectionNumber) {
        return onThat(connectionNumber, connection -> connection.reopen(key, token));
    }

    private CompletableFuture<Reply> following(
            long connectionNumber, int dataBytes, Function<NodeConnection, CompletableFuture<Reply>> operation) {
        Session session = serving.get();
        if (session == null) {
            return unavailable;
        }
        return session.number() == connectionNumber
                // Looked at again when its turn comes: the session may have ended by then.
                ? session.followUps().send(dataBytes, () -> onThat(connectionNumber, operation))
                : NOT_STORED;
    }

    private CompletableFuture<Reply> onThat(
            long connectionNumber, Function<NodeConnection, CompletableFuture<Reply>> operation) {
        long begunNanos = clock.begin();
        Session session = serving.get();
        if (session == null) {
            return unavailable;
        }
        return session.number() == connectionNumber
                ? judged(session, begunNanos, operation.apply(session.connection()))
                : NOT_STORED;
    }

    /** Whether it came into use, at first or again, less than {@code nanos} ago. */
    public boolean isServingForLessThan(long nanos) {
        return isServing() && System.nanoTime() - servingSinceNanos < nanos;
    }

    /** How its server came to be empty, if another served this process before; null if not. Set before the node serves. */
    public Restart restart() {
        return restart;
    }

    /** For how long what is removed leaves a tombstone; zero if it does not. */
    public Duration youngFor() {
        Session session = serving.get();
        return session == null ? Duration.ZERO : session.connection().youngFor();
    }

    /** How many connections its server has from all its clients, as it told last; -1 if it never did. */
    public int connections() {
        Vitals told = vitals;
        return told == null ? -1 : told.connections();
    }

    /** Its host and port, which do not change. */
    @Override
    public String toString() {
        return name;
    }

    /** The same host and port, perhaps with another weight. */
    void readdress(NodeAddress newAddress) {
        address = newAddress;
    }

    /** Called by the supervisor when a server was found fit to be used, before it is. */
    void admitted(Vitals told, Duration youth, long askedNanos) {
        Vitals before = vitals;
        restart = Restart.of(youth, before, told, lostNanos, askedNanos);
        // Right after a restart few have come back: what was before says more of how many there will be.
        admitted = before == null ? told : told.or(before).amid(before.connections());
    }

    /** Called by the supervisor while the node serves. */
    void observed(Vitals told) {
        vitals = vitals == null ? told : told.or(vitals);
    }

    void publish(Session session) {
        // Only now: if it had come to nothing, the next attempt would not be told that the server is another.
        vitals = admitted;
        servingSinceNanos = System.nanoTime();
        serving.set(session);
        // The session may have ended between its probe and now, when there was nothing to withdraw yet.
        if (session.hasEnded()) {
            withdraw(session, session.ending());
        }
    }

    /** Takes the session out of use, if it is still the one in use: a late end must not take out its successor. */
    void withdraw(Session session, String reason) {
        if (serving.get() == session) {
            unavailable = unavailable(address + " is down: " + reason);
            lostNanos = System.nanoTime();
            serving.compareAndSet(session, null);
        }
    }

    /** Called by the supervisor while nothing is serving, so that callers are told the latest reason. */
    void down(String reason) {
        unavailable = unavailable(address + " is down: " + reason);
    }

    /** Called by the supervisor last of all, when the client closes or the node is no longer one of the client's. */
    void retire() {
        unavailable = unavailable(Reply.Reason.CLOSED, address + " is not used any more");
    }

    private CompletableFuture<Reply> judged(Session session, long begunNanos, CompletableFuture<Reply> reply) {
        // The dependent, not the reply itself, so that the outcome has been counted when the caller goes on.
        if (begunNanos == 0) {
            return reply.whenComplete(session.breaker());
        }
        return reply.whenComplete((outcome, error) -> {
            session.breaker().accept(outcome, error);
            clock.end(address, begunNanos, outcome);
        });
    }

    /** A bulk read is one operation, and failed if any of its replies did. */
    private void judge(Session session, long begunNanos, List<Reply> replies) {
        Reply worst = null;
        for (Reply reply : replies) {
            worst = worst instanceof Reply.Unavailable ? worst : reply;
        }
        if (worst != null) {
            session.breaker().accept(worst, null);
            if (begunNanos != 0) {
                clock.end(address, begunNanos, worst);
            }
        }
    }

    private static CompletableFuture<Reply> unavailable(String detail) {
        return unavailable(Reply.Reason.DISCONNECTED, detail);
    }

    private static CompletableFuture<Reply> unavailable(Reply.Reason reason, String detail) {
        return CompletableFuture.completedFuture(new Reply.Unavailable(reason, detail));
    }
}
