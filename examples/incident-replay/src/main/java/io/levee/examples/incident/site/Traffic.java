package io.levee.examples.incident.site;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the visitors saw. Many threads record; one takes what has come together since it last did. */
public final class Traffic {
    private final Recorder latencies = new Recorder(3);
    private final LongAdder offered = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private Histogram reused;

    /**
     * What was seen in a while.
     *
     * @param latencyMicros of the pages served and of the visitors who waited in vain; those turned away at the door did not wait
     */
    public record Window(long offered, long served, Map<String, Long> errors, Histogram latencyMicros) {
        public long errorCount() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    void offered() {
        offered.increment();
        inFlight.increment();
    }

    void served(long nanos) {
        inFlight.decrement();
        served.increment();
        record(nanos);
    }

    void failed(String error, long nanos) {
        inFlight.decrement();
        count(error);
        record(nanos);
    }

    void turnedAway(String error) {
        inFlight.decrement();
        count(error);
    }

    private void count(String error) {
        errors.computeIfAbsent(error, unused -> new LongAdder()).increment();
    }

    private void record(long nanos) {
        latencies.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    /** How many visitors wait for their page just now. */
    public int inFlight() {
        return (int) Math.max(0, inFlight.sum());
    }

    /** What was seen since the last call. For one thread; the histogram is valid until its next call. */
    public Window take() {
        reused = latencies.getIntervalHistogram(reused);
        Map<String, Long> counted = new HashMap<>();
        errors.forEach((error, count) -> {
            long times = count.sumThenReset();
            if (times > 0) {
                counted.put(error, times);
            }
        });
        return new Window(offered.sumThenReset(), served.sumThenReset(), counted, reused);
    }
}
