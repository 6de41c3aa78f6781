package io.levee.cache.internal.event;

/**
 * Whether the loads of one cache fail, and since when.
 *
 * <p>Loads that fail now and then would be two lines a failure. So trouble that begins within a minute of a line about the
 * trouble before is told neither when it begins nor when it ends; its failures are in the count of the next recovery told.
 */
final class LoadTrouble {
    /**
     * What to say at the end of trouble.
     *
     * @param failures since the last recovery that was told
     */
    record Recovery(long failures, long forNanos) {}

    private final OncePerMinute limit = new OncePerMinute();
    private volatile boolean failing;
    private boolean told;
    private long sinceNanos;
    private long failures;

    boolean isFailing() {
        return failing;
    }

    /** Returns whether to say so. */
    synchronized boolean failed(long nowNanos) {
        failures++;
        if (failing) {
            return false;
        }
        failing = true;
        sinceNanos = nowNanos;
        told = limit.admit(nowNanos) >= 0;
        return told;
    }

    /** Returns what to say, or null to be silent. */
    synchronized Recovery succeeded(long nowNanos) {
        if (!failing) {
            return null;
        }
        failing = false;
        if (!told) {
            return null;
        }
        Recovery recovery = new Recovery(failures, nowNanos - sinceNanos);
        failures = 0;
        return recovery;
    }
}
