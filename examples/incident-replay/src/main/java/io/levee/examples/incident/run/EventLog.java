package io.levee.examples.incident.run;

import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.Event.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What happened in a run, with its time from the beginning of the run. Thread-safe. */
final class EventLog {
    private final long begunAt;
    private final List<Event> events = new ArrayList<>();
    private int taken;

    EventLog(long begunAt) {
        this.begunAt = begunAt;
    }

    synchronized void add(String node, String text, Kind kind) {
        double seconds = (double) (System.nanoTime() - begunAt) / TimeUnit.SECONDS.toNanos(1);
        events.add(new Event(seconds, node, text, kind));
    }

    /** What has been added since the last call. */
    synchronized List<Event> takeNew() {
        List<Event> fresh = List.copyOf(events.subList(taken, events.size()));
        taken = events.size();
        return fresh;
    }

    synchronized List<Event> all() {
        return events.stream()
                .sorted(Comparator.comparingDouble(Event::atSeconds))
                .toList();
    }
}
