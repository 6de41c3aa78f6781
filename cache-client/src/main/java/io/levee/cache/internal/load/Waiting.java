package io.levee.cache.internal.load;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A load that waits for leave to run. It may stand in several lines at once, and takes the first grant that comes. */
final class Waiting {
    private final Set<?> keys;
    private final long waitNanos;
    private final CompletableFuture<Grant> grant = new CompletableFuture<>();

    Waiting(Set<?> keys, long waitNanos) {
        this.keys = keys;
        this.waitNanos = waitNanos;
    }

    Set<?> keys() {
        return keys;
    }

    /** How long it stands in a line. */
    long waitNanos() {
        return waitNanos;
    }

    /** Completes with null if there was none in time. */
    CompletableFuture<Grant> grant() {
        return grant;
    }

    /** Of two that come at once, one is not needed. */
    void offer(Grant offered) {
        if (!grant.complete(offered)) {
            offered.end();
        }
    }

    void giveUp() {
        grant.complete(null);
    }

    /** Once it has its grant, or has given up. */
    void whenOver(Runnable step) {
        Future<?> unused = grant.whenComplete((granted, never) -> step.run());
    }
}
