package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Sample;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** One line a second and client, for logs and pipes. */
final class PlainLines implements TerminalDisplay {
    private final PrintStream out;

    PlainLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(String scenario, List<String> clients, double totalSeconds) {
        line("replaying \"" + scenario + "\" with " + String.join(" and ", clients) + ", about "
                + Quantity.duration(totalSeconds));
    }

    @Override
    public void message(String line) {
        line(line);
    }

    @Override
    public void phase(String client, String phase, double secondsInPhase, double secondsOfPhase) {
        // Every sample names its phase.
    }

    @Override
    public void sample(String client, Sample sample, double doneShare) {
        line(String.format(
                Locale.ROOT,
                "%6s %3.0f%%  %-12s %-14s nodes %s  %s/s of %s/s  p99 %s  errors %s/s  db running %d",
                Quantity.clock(sample.atSeconds()),
                100 * Math.min(1, Math.max(0, doneShare)),
                client,
                sample.phase(),
                nodes(sample.nodes()),
                Quantity.rate(sample.requestsPerSecond()),
                Quantity.rate(sample.offeredPerSecond()),
                Quantity.millis(sample.p99Millis()),
                Quantity.rate(sample.errorsPerSecond()),
                sample.databaseQueriesRunning()));
    }

    @Override
    public void event(String client, Event event) {
        line(String.format(Locale.ROOT, "%6s       %-12s %s", Quantity.clock(event.atSeconds()), client, told(event)));
    }

    @Override
    public void close() {
        out.flush();
    }

    static String told(Event event) {
        return event.node() == null ? event.text() : event.node() + " " + event.text();
    }

    private static String nodes(List<NodeStatus> nodes) {
        return String.join(",", nodes.stream().map(NodeStrip::word).toList());
    }

    private void line(String text) {
        out.println(text.replace('–', '-'));
        out.flush();
    }
}
