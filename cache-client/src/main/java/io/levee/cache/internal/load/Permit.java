package io.levee.cache.internal.load;

import java.util.concurrent.atomic.AtomicInteger;

/** One permit, held by a load and by those nested in it that it lends it to, until the last of them has ended. */
final class Permit {
    private final LoadPermits permits;
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * Held by one load.
     *
     * @param permits whose it is, and which has granted it
     */
    Permit(LoadPermits permits) {
        this.permits = permits;
    }

    /** Makes one more hold it; false if nobody holds it any more. */
    boolean share() {
        return holders.getAndUpdate(held -> held == 0 ? 0 : held + 1) > 0;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            permits.release();
        }
    }
}
