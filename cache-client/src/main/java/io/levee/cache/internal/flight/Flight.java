package io.levee.cache.internal.flight;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One load under way, and those who wait for it. Each waits on a future of its own, so that one who gives up is taken off and
 * leaves nothing behind, however long the load goes on.
 */
public final class Flight<R> {
    private static final long NO_LEASE = 0;

    private final Set<CompletableFuture<R>> waiting = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Long> lease = new CompletableFuture<>();
    private final AtomicBoolean leaseTaken = new AtomicBoolean();
    private volatile Start start;
    private volatile R landed;
    private volatile boolean superseded;

    /** A future that completes when the flight lands. Whoever stops waiting for it must {@link #leave}. */
    public CompletableFuture<R> await() {
        CompletableFuture<R> seat = new CompletableFuture<>();
        waiting.add(seat);
        R result = landed;
        if (result != null) {
            // land() may have called the roll before we were on it.
            leave(seat);
            seat.complete(result);
        }
        return seat;
    }

    @SuppressWarnings("CollectionUndefinedEquality") // a seat is that very object
    public void leave(CompletableFuture<R> seat) {
        waiting.remove(seat);
    }

    /** Whether the key was put or invalidated since this flight began: then its result must not be stored. */
    public boolean isSuperseded() {
        return superseded;
    }

    /**
     * Hands over the key's lease. Of two callers that ask memcached at the same time one wins the lease, and the other may be the
     * one that leads the flight; without this it would wait for a lease that its own process holds.
     *
     * @return false if it comes too late, the load has begun: an invalidation may lie between the two, so that what is loaded must
     *     not be stored under this lease, and whoever offers it is to let it go
     */
    public boolean offerLease(long token) {
        return lease.complete(token);
    }

    private record Start(long token, long leasedUntilNanos) {}

    /**
     * The load begins now.
     *
     * @param token of the item that it replaces, or of the placeholder that it fills; 0 for none
     * @param leasedUntilNanos until when such a placeholder is sure to be there, unless somebody removes it
     */
    public void loadsUnder(long token, long leasedUntilNanos) {
        start = new Start(token, leasedUntilNanos);
    }

    /**
     * Whether the load under way began before the item of this token was made, and its own placeholder cannot have come to its end by
     * time. Then another process has invalidated the key meanwhile, and who found that item is not to be answered with what the load
     * brings. Memcached's tokens grow.
     */
    public boolean beganBefore(long token, long nowNanos) {
        Start began = start;
        return began != null
                && began.token != 0
                && Long.compareUnsigned(token, began.token) > 0
                && nowNanos - began.leasedUntilNanos < 0;
    }

    /** Whether a lease was handed over and not taken yet. */
    public boolean isLeaseOffered() {
        return lease.getNow(NO_LEASE) != NO_LEASE && !leaseTaken.get();
    }

    /** The token of the lease that was handed over and not taken yet, or 0. From now on none is accepted. */
    public long takeLease() {
        return leaseTaken.compareAndSet(false, true) && !lease.complete(NO_LEASE) ? lease.join() : NO_LEASE;
    }

    /** Completes with the lease's token if a caller of this process has it to offer, with 0 when it is too late. */
    CompletableFuture<Long> lease() {
        return lease;
    }

    void supersede() {
        superseded = true;
    }

    void land(R result) {
        landed = result;
        for (CompletableFuture<R> seat : waiting) {
            leave(seat);
            seat.complete(result);
        }
    }
}
