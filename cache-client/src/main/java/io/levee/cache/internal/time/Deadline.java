package io.levee.cache.internal.time;

/** The moment past which a call waits for nobody. It starts at entry; every stage gets what is left of it. */
public final class Deadline {
    private final TimeSource time;
    private final long atNanos;

    private Deadline(TimeSource time, long atNanos) {
        this.time = time;
        this.atNanos = atNanos;
    }

    public static Deadline after(long nanos, TimeSource time) {
        return new Deadline(time, time.nanos() + nanos);
    }

    /** What is left, but at most {@code nanos}; zero when it is over. */
    public long leftNanos(long nanos) {
        return Math.max(0, Math.min(nanos, atNanos - time.nanos()));
    }
}
