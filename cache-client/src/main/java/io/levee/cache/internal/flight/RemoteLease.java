package io.levee.cache.internal.flight;

import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Hit;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Miss;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * At most one load per key in the fleet: waits for the value of the process that holds the key's lease in memcached, or for the
 * lease itself if that process lets go of it or dies.
 *
 * <p>It looks again and again, after growing {@link Pauses}.
 */
public final class RemoteLease {
    private final Timer timer;

    public RemoteLease(Timer timer) {
        this.timer = timer;
    }

    /**
     * Waits until the node has something other than another's lease, or {@code waitNanos} are over. Completes, on a thread of the
     * client's that must not block, with a hit, a miss whose lease is won, an unavailable, or, when the time is over, what it was
     * last answered.
     *
     * @param token of the item that the lease was lost on: a placeholder, or a value that is no good any more
     * @param connectionNumber of the connection that the token came from
     */
    public CompletableFuture<Reply> await(
            Node node,
            String key,
            int leaseSeconds,
            long token,
            long connectionNumber,
            long waitNanos,
            Flight<?> flight) {
        Wait wait = new Wait(node, key, leaseSeconds, token, connectionNumber);
        Future<?> limit = timer.after(waitNanos, () -> wait.end(wait.lastSeen));
        Future<?> offer = flight.lease().thenAccept(wait::offered);
        wait.pause();
        return wait.result.whenComplete((reply, never) -> {
            limit.cancel(false);
            offer.cancel(false);
        });
    }

    /**
     * Whether another process is still at it.
     *
     * @param token of the item that the lease was lost on
     */
    public static boolean isAnothers(Reply reply, long token) {
        if (reply instanceof Hit hit) {
            return hit.token() == token;
        }
        return reply instanceof Miss miss && miss.lease() == Lease.LOST;
    }

    private final class Wait {
        private final Node node;
        private final String key;
        private final int leaseSeconds;
        private final long token;
        private final long connectionNumber;
        private final CompletableFuture<Reply> result = new CompletableFuture<>();
        // Touched by one step at a time: a pause begins only after the look before it was answered.
        private final Pauses pauses = new Pauses();
        private volatile Reply lastSeen;

        Wait(Node node, String key, int leaseSeconds, long token, long connectionNumber) {
            this.node = node;
            this.key = key;
            this.leaseSeconds = leaseSeconds;
            this.token = token;
            this.connectionNumber = connectionNumber;
            this.lastSeen = new Miss(Lease.LOST, token);
        }

        void pause() {
            Future<?> unused = timer.after(pauses.nextNanos(), this::look);
        }

        void look() {
            if (!result.isDone()) {
                Future<?> unused = node.get(key, leaseSeconds, 0).thenAccept(this::heard);
            }
        }

        void heard(Reply reply) {
            if (reply instanceof Miss miss && miss.lease() == Lease.NONE && miss.token() != 0) {
                // A tombstone, whose lease goes to one of those who claim it: else all who wait here would load at
                // once.
                Future<?> unused = node.claim(key, leaseSeconds).thenAccept(this::claimed);
            } else {
                claimed(reply);
            }
        }

        void claimed(Reply reply) {
            if (isAnothers(reply, token)) {
                lastSeen = reply;
                pause();
            } else {
                end(reply);
            }
        }

        void offered(long token) {
            if (token != 0) {
                end(new Miss(Lease.WON, token));
            }
        }

        void end(Reply reply) {
            boolean first = result.complete(reply);
            if (!first && reply instanceof Miss miss && miss.lease() == Lease.WON) {
                // The wait ended while this look won the lease. Nobody here will fill it, so let it go.
                Future<?> unused = node.release(key, miss.token(), connectionNumber);
            }
        }
    }
}
