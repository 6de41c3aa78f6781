package io.levee.cache.internal.event;

import java.util.concurrent.TimeUnit;

/** Lets one line a minute through and counts the others. */
final class OncePerMinute {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private boolean begun;
    private long lastNanos;
    private long suppressed;

    /** Returns -1 to be silent, or how many were silent since the last line. */
    synchronized long admit(long nowNanos) {
        if (begun && nowNanos - lastNanos < MINUTE_NANOS) {
            suppressed++;
            return -1;
        }
        long before = suppressed;
        begun = true;
        lastNanos = nowNanos;
        suppressed = 0;
        return before;
    }
}
