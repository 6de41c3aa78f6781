package io.levee.cache.internal.load;

import io.levee.cache.internal.thread.Timer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Says which loads of one cache may run. To wait for a permit while holding one is how a bound deadlocks, so a load that is waited for
 * by another of the cache does not depend on a second permit: it takes its turn with the other's. That is so for a load inside a load;
 * and for one that stands in line, when a running load comes to wait for the same key.
 */
final class Admission {
    private final GuardedLoader<?, ?> loader;
    private final LoadPermits permits;
    private final Timer timer;
    private final Loans loans = new Loans();

    /** @param loader whose loads have these permits */
    Admission(GuardedLoader<?, ?> loader, LoadPermits permits, Timer timer) {
        this.loader = loader;
        this.permits = permits;
        this.timer = timer;
    }

    /**
     * Completes with leave to run, or with null if there is none in time.
     *
     * @param outer the load that this one is part of, or null
     * @param awaited whether the outer load waits for this one
     * @param keys what it loads
     */
    CompletableFuture<Grant> admit(LoadFrame outer, boolean awaited, Set<?> keys, long waitNanos) {
        LoadFrame holder = outer == null ? null : outer.innermostOf(loader);
        Grant atOnce = holder == null ? own() : nested(holder, awaited && outer.keepsWaiting(holder));
        if (atOnce != null || waitNanos <= 0) {
            return CompletableFuture.completedFuture(atOnce);
        }
        Waiting waiting = new Waiting(keys, waitNanos);
        if (holder == null) {
            awaitOwn(waiting);
        } else {
            awaitTurn(waiting, holder);
        }
        loans.enter(waiting).forEach(lender -> lend(lender, waiting));
        waiting.whenOver(() -> loans.leave(waiting));
        return waiting.grant();
    }

    /**
     * For a call that was made inside a load, and has joined another's load of the key: that one may stand in line for the permit that
     * the call's own load holds.
     *
     * @param outer the load that the call was made from, or null
     * @param landing completes when the call ceases to wait
     */
    void joined(Object key, LoadFrame outer, CompletableFuture<?> landing) {
        LoadFrame holder = outer == null ? null : outer.innermostOf(loader);
        if (holder == null || landing.isDone()) {
            return;
        }
        loans.enter(key, holder).forEach(waiting -> lend(holder, waiting));
        Future<?> unused = landing.whenComplete((landed, never) -> loans.leave(key, holder));
    }

    /**
     * For a load inside a load. One that was started by {@code getAsync} may be waited for in a way that we cannot see, or be one of
     * many: so these take free permits first, and else turns.
     */
    private Grant nested(LoadFrame holder, boolean awaited) {
        Grant first = awaited ? turn(holder) : own();
        return first != null ? first : awaited ? own() : turn(holder);
    }

    private Grant own() {
        return permits.tryAcquire() ? new Grant(new Permit(permits), null) : null;
    }

    private Grant turn(LoadFrame holder) {
        return holder.turns(timer).tryAcquire() ? shared(holder) : null;
    }

    /** For one whose turn it is. Null if the holder has ended meanwhile: then there is nothing to share. */
    private Grant shared(LoadFrame holder) {
        LoadPermits turns = holder.turns(timer);
        if (holder.permit().share()) {
            return new Grant(holder.permit(), turns);
        }
        turns.release();
        return null;
    }

    private void awaitOwn(Waiting waiting) {
        stand(waiting, permits, () -> waiting.offer(new Grant(new Permit(permits), null)), waiting::giveUp);
    }

    private void awaitTurn(Waiting waiting, LoadFrame holder) {
        // Whom the holder's end finds in line is waited for by nobody of the cache, and waits like any other.
        stand(
                waiting,
                holder.turns(timer),
                () -> offerShare(waiting, holder, () -> awaitOwn(waiting)),
                waiting::giveUp);
    }

    private void lend(LoadFrame holder, Waiting waiting) {
        Runnable nothing = () -> {};
        stand(waiting, holder.turns(timer), () -> offerShare(waiting, holder, nothing), nothing);
    }

    private void offerShare(Waiting waiting, LoadFrame holder, Runnable ifItHasEnded) {
        Grant share = shared(holder);
        if (share != null) {
            waiting.offer(share);
        } else {
            ifItHasEnded.run();
        }
    }

    private static void stand(Waiting waiting, LoadPermits line, Runnable ifGranted, Runnable ifNot) {
        CompletableFuture<Boolean> place = line.acquire(waiting.waitNanos());
        waiting.whenOver(() -> line.leave(place));
        Future<?> unused = place.thenAccept(granted -> (granted ? ifGranted : ifNot).run());
    }
}
