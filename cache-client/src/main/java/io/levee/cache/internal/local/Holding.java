package io.levee.cache.internal.local;

import java.util.concurrent.atomic.LongAdder;

/**
 * Tells the entries of one shelf from the others of the tier, from one clearing to the next, and counts them. Equal to itself
 * alone.
 *
 * <p>Every key names its holding, so that an entry that is evicted is counted where it was held without being looked up.
 */
final class Holding {
    private final LongAdder entries = new LongAdder();

    /** Of the shelf, through all its holdings. */
    private final LongAdder evictions;

    Holding(LongAdder evictions) {
        this.evictions = evictions;
    }

    void added() {
        entries.increment();
    }

    void removed() {
        entries.decrement();
    }

    void evicted() {
        entries.decrement();
        evictions.increment();
    }

    long entries() {
        return entries.sum();
    }
}
