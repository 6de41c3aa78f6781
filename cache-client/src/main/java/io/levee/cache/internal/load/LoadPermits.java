package io.levee.cache.internal.load;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.levee.cache.internal.thread.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/**
 * Bounds the loads of one cache: a Resilience4j bulkhead, and before it a line of calls that wait without holding a thread.
 * A call that gives up leaves the line at once and takes no permit with it.
 */
final class LoadPermits {
    private final int bound;
    private final Bulkhead bulkhead;
    private final Timer timer;
    private final ConcurrentLinkedQueue<CompletableFuture<Boolean>> line = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> modest = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    LoadPermits(String cache, int bound, Timer timer) {
        this.bound = bound;
        this.timer = timer;
        this.bulkhead = Bulkhead.of(
                cache,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(bound)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
    }

    /** Completes with true when the caller holds a permit, with false when none came free in time. */
    CompletableFuture<Boolean> acquire(long waitNanos) {
        if (tryAcquire()) {
            return CompletableFuture.completedFuture(true);
        }
        if (waitNanos <= 0 || closed) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> place = new CompletableFuture<>();
        line.add(place);
        var patience = timer.after(waitNanos, () -> leave(place));
        Future<?> unused = place.whenComplete((granted, never) -> patience.cancel(false));
        // A permit that came free before we stood in line woke nobody; and close() may have emptied the line just
        // before.
        admit();
        if (closed) {
            close();
        }
        return place;
    }

    /** Takes a permit if one is free and nobody waits for it. */
    boolean tryAcquire() {
        // Those in line come first, or a steady stream of new calls would starve them.
        return line.isEmpty() && tryTake();
    }

    /** Gives a place in line up, if it has not had its answer. */
    @SuppressWarnings("CollectionUndefinedEquality") // a place in line is that very object
    void leave(CompletableFuture<Boolean> place) {
        if (place.complete(false)) {
            line.remove(place);
        }
    }

    void release() {
        bulkhead.releasePermission();
        admit();
        passRoomOn();
    }

    /**
     * Completes when a permit is free that nobody stands in line for, or at {@link #close}. The permit is not taken: another may come
     * first. Whoever was told and has no use for it {@linkplain #passRoomOn passes that on}.
     */
    CompletableFuture<Void> room() {
        CompletableFuture<Void> place = new CompletableFuture<>();
        modest.add(place);
        // A permit that came free before we waited told nobody.
        passRoomOn();
        return place;
    }

    void passRoomOn() {
        if (closed || (line.isEmpty() && running() < bound)) {
            // One at a time: who takes the permit gives it back, and then the next is told.
            CompletableFuture<Void> first = modest.poll();
            if (first != null) {
                first.complete(null);
            }
        }
    }

    int bound() {
        return bound;
    }

    int running() {
        return bound - bulkhead.getMetrics().getAvailableConcurrentCalls();
    }

    /** Ends all waiting. */
    void close() {
        closed = true;
        for (CompletableFuture<Boolean> place = line.poll(); place != null; place = line.poll()) {
            place.complete(false);
        }
        for (CompletableFuture<Void> place = modest.poll(); place != null; place = modest.poll()) {
            place.complete(null);
        }
    }

    /** The bulkhead refuses a thread that is interrupted; but the permit may be for another, who waits in line. */
    private boolean tryTake() {
        boolean interrupted = Thread.interrupted();
        try {
            return bulkhead.tryAcquirePermission();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void admit() {
        while (!line.isEmpty() && tryTake()) {
            CompletableFuture<Boolean> first = line.poll();
            // The first in line may have given up between the two; then its permit goes to the next.
            if (first == null || !first.complete(true)) {
                bulkhead.releasePermission();
            }
        }
    }
}
