package io.levee.cache.internal.node;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Transport;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One connection from the attempt to open it to its end, with the breaker that judges it.
 *
 * <p>It may end on any thread: the transport tells of a loss on its I/O thread, the breaker opens on the thread of the outcome
 * that was one too many, the supervisor finds it dead. The first reason stands. Ending only takes the node out of use and wakes
 * the supervisor; closing the connection is the supervisor's work, because it may take time.
 */
final class Session implements AutoCloseable {
    /** @param tripped whether it was the breaker */
    private record Ending(String reason, boolean tripped) {}

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final Node node;
    private final Runnable wake;
    private final NodeBreaker breaker;
    private final FollowUps followUps = new FollowUps();
    private final AtomicReference<Ending> ending = new AtomicReference<>();

    /** Written before the session is published through the node's reference, and not after. */
    private NodeConnection connection;

    Session(Node node, BreakerPolicy policy, Runnable wake) {
        this.node = node;
        this.wake = wake;
        this.breaker = new NodeBreaker(policy, reason -> end(new Ending(reason, true)));
    }

    void open(Transport transport, NodeAddress address) throws IOException {
        // The loss may be told before open() returns.
        connection = transport.open(address, reason -> end(reason == null ? "connection lost" : reason));
    }

    /** Tells this session from every other of this process; more than 0. */
    long number() {
        return number;
    }

    NodeConnection connection() {
        return connection;
    }

    FollowUps followUps() {
        return followUps;
    }

    NodeBreaker breaker() {
        return breaker;
    }

    /** Ends the session, unless it has ended. Never blocks. */
    void end(String reason) {
        end(new Ending(reason, false));
    }

    private void end(Ending how) {
        if (ending.compareAndSet(null, how)) {
            node.withdraw(this, how.reason());
            wake.run();
        }
    }

    boolean hasEnded() {
        return ending.get() != null;
    }

    /** Why it ended, or null if it has not. */
    String ending() {
        Ending how = ending.get();
        return how == null ? null : how.reason();
    }

    /** Whether it was the breaker that ended it. */
    boolean isTripped() {
        Ending how = ending.get();
        return how != null && how.tripped();
    }

    @Override
    public void close() {
        end("closed");
        if (connection != null) {
            connection.close();
        }
    }
}
