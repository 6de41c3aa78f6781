package io.levee.examples.incident.timeline;

import java.util.List;

/** What a run tells while it goes on; the terminal display implements it. Called by one thread. */
public interface ReplayProgress extends AutoCloseable {
    void started(String scenario, List<String> clients, double totalSeconds);

    void message(String line);

    void phase(String client, String phase, double secondsInPhase, double secondsOfPhase);

    void sample(String client, Sample sample, double doneShare);

    void event(String client, Event event);

    @Override
    void close();
}
