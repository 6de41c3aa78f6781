package io.levee.cache.internal.read;

import java.util.concurrent.atomic.AtomicInteger;

/** Callers that wait are bounded by their threads. Those that do not are bounded here, or they would fill the heap. */
final class UnawaitedCalls {
    /** How many may be under way in one cache; some 1 KB of heap each. */
    private static final int MOST = 10_000;

    private final AtomicInteger underWay = new AtomicInteger();

    /** Whether one more may begin. Whoever is admitted leaves, once. */
    boolean admit() {
        if (underWay.incrementAndGet() <= MOST) {
            return true;
        }
        underWay.decrementAndGet();
        return false;
    }

    /** With the parameters of what follows a future. */
    void leave(Object result, Throwable failure) {
        underWay.decrementAndGet();
    }
}
