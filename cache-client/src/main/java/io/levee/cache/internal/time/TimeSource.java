package io.levee.cache.internal.time;

/** Where time comes from: a port, so that tests can hold it. */
public interface TimeSource {
    /** Wall-clock time, comparable between processes up to their clocks' skew. */
    long millis();

    /** Monotonic time of this process. */
    long nanos();

    TimeSource SYSTEM = new TimeSource() {
        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };
}
