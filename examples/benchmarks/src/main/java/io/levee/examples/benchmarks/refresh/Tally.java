package io.levee.examples.benchmarks.refresh;

import org.HdrHistogram.Histogram;

/** What came of a run. */
final class Tally {
    private static final double MICROS = 1e6;

    private final Histogram waits = new Histogram(3_600_000_000L, 3);
    private long reads;
    private long stale;
    private long loads;
    private double earlySeconds;
    private double seconds;

    void read() {
        reads++;
    }

    void servedStale() {
        stale++;
    }

    void waited(double waitSeconds) {
        waits.recordValue((long) (waitSeconds * MICROS));
    }

    /** @param early how long before the end of the value that it is to replace; 0 for after it */
    void loadBegan(double early) {
        loads++;
        earlySeconds += early;
    }

    void ended(double atSeconds) {
        seconds = atSeconds;
    }

    double loadsPerPeriod() {
        return loads * Simulation.FRESH / seconds;
    }

    /** Of all reads, in percent. */
    double waitedPercent() {
        return 100.0 * waits.getTotalCount() / reads;
    }

    /** Of those that waited. */
    double p99WaitSeconds() {
        return waits.getValueAtPercentile(99) / MICROS;
    }

    /** Of all reads, in percent. */
    double stalePercent() {
        return 100.0 * stale / reads;
    }

    /** How early loads began, on average over all of them. */
    double meanEarlySeconds() {
        return loads == 0 ? 0 : earlySeconds / loads;
    }
}
