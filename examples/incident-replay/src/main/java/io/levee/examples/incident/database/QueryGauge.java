package io.levee.examples.incident.database;

import java.util.function.LongSupplier;

/** How many queries run, and how many there have been. Thread-safe. */
public final class QueryGauge {
    private final LongSupplier nanoTime;
    private int running;
    private long runningNanos;
    private long changedAt;
    private long queries;
    private long statsQueries;

    QueryGauge(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.changedAt = nanoTime.getAsLong();
    }

    /**
     * The counts so far. The mean number of queries running between two readings is the growth of {@code runningNanos} over the
     * time between them: unlike a look at the number of the moment, it misses nothing.
     */
    public record Reading(long queries, long statsQueries, long runningNanos) {}

    synchronized void begun(boolean stats) {
        runFor();
        running++;
        queries++;
        if (stats) {
            statsQueries++;
        }
    }

    synchronized void ended() {
        runFor();
        running--;
    }

    public synchronized Reading read() {
        runFor();
        return new Reading(queries, statsQueries, runningNanos);
    }

    private void runFor() {
        long now = nanoTime.getAsLong();
        runningNanos += running * (now - changedAt);
        changedAt = now;
    }
}
