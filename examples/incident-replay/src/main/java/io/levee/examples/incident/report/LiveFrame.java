package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Sample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the live screen shows at one moment, as lines that fit the terminal. */
final class LiveFrame {
    private static final int MOST_EVENTS = 5;
    private static final int WIDEST = 100;

    private final TerminalTraits traits;
    private final Symbols symbols;
    private final Map<String, Stand> clients = new LinkedHashMap<>();
    private final Deque<Told> events = new ArrayDeque<>();
    private String scenario = "";
    private double totalSeconds;
    private double doneShare;

    private record Told(Event event, List<String> clients) {}

    private static final class Stand {
        String phase = "";
        double secondsInPhase;
        double secondsOfPhase;
        Sample sample;
    }

    LiveFrame(TerminalTraits traits) {
        this.traits = traits;
        this.symbols = traits.unicode() ? Symbols.UNICODE : Symbols.ASCII;
    }

    void started(String scenario, List<String> clients, double totalSeconds) {
        this.scenario = scenario;
        this.totalSeconds = totalSeconds;
        clients.forEach(this::stand);
    }

    void phase(String client, String phase, double secondsInPhase, double secondsOfPhase) {
        Stand stand = stand(client);
        stand.phase = phase;
        stand.secondsInPhase = secondsInPhase;
        stand.secondsOfPhase = secondsOfPhase;
    }

    void sample(String client, Sample sample, double doneShare) {
        stand(client).sample = sample;
        this.doneShare = doneShare;
    }

    void event(String client, Event event) {
        // The script does the same to all clients, and what happened to each says nothing new.
        for (Told told : events) {
            if (told.event.text().equals(event.text())
                    && Objects.equals(told.event.node(), event.node())
                    && Math.abs(told.event.atSeconds() - event.atSeconds()) < 1.5
                    && !told.clients.contains(client)) {
                told.clients.add(client);
                return;
            }
        }
        events.addLast(new Told(event, new ArrayList<>(List.of(client))));
        if (events.size() > MOST_EVENTS) {
            events.removeFirst();
        }
    }

    private StyledLine told(Told told) {
        StyledLine line = new StyledLine(traits.colour());
        line.dim("  " + Quantity.clock(told.event.atSeconds()) + "  ");
        String what = PlainLines.told(told.event);
        switch (told.event.kind()) {
            case FAULT -> line.bad(what);
            case RECOVERY -> line.good(what);
            case OBSERVED -> line.plain(what);
        }
        boolean all = told.clients.size() == clients.size();
        return all ? line : line.dim("  " + String.join(", ", told.clients));
    }

    List<String> lines() {
        int width = Math.min(WIDEST, Math.max(10, traits.columns() - 1));
        List<StyledLine> lines = new ArrayList<>();
        lines.add(title(width));
        clients.forEach((name, stand) -> client(lines, name, stand, width));
        // Lines that scrolled off the top cannot be redrawn, so the events get what room is left.
        int room = Math.min(events.size(), traits.rows() - lines.size() - 3);
        if (room > 0) {
            lines.add(new StyledLine(traits.colour()));
            events.stream().skip(events.size() - room).map(this::told).forEach(lines::add);
        }
        return lines.stream()
                .limit(Math.max(1, traits.rows() - 1))
                .map(line -> line.fit(width, symbols))
                .toList();
    }

    private StyledLine title(int width) {
        StyledLine line = new StyledLine(traits.colour())
                .strong("Incident replay: " + scenario)
                .plain("  ");
        int bar = Math.min(30, width - line.length() - 18);
        if (bar >= 5) {
            line.plain(symbols.bar(doneShare, bar) + " ");
        }
        return line.plain(Math.round(100 * clamp(doneShare)) + "%").dim(" of " + Quantity.duration(totalSeconds));
    }

    private void client(List<StyledLine> lines, String name, Stand stand, int width) {
        boolean colour = traits.colour();
        lines.add(new StyledLine(colour));
        StyledLine heading = new StyledLine(colour).strong(pad(name, 14));
        if (!stand.phase.isEmpty()) {
            double share = stand.secondsOfPhase > 0 ? stand.secondsInPhase / stand.secondsOfPhase : 0;
            heading.plain(pad(stand.phase, 12) + " ");
            int bar = Math.min(20, width - heading.length() - 12);
            if (bar >= 5) {
                heading.plain(symbols.bar(share, bar) + " ");
            }
            heading.dim(Math.round(stand.secondsInPhase) + " of " + Math.round(stand.secondsOfPhase) + " s");
        } else {
            heading.dim("waiting for its turn");
        }
        lines.add(heading);
        Sample sample = stand.sample;
        if (sample == null) {
            return;
        }
        StyledLine nodes = new StyledLine(colour).dim("  nodes     ");
        for (int i = 0; i < sample.nodes().size(); i++) {
            NodeStatus status = sample.nodes().get(i);
            String text = symbols.of(status) + " " + (i + 1) + " " + NodeStrip.word(status);
            if (status == NodeStatus.UP) {
                nodes.good(text);
            } else {
                nodes.bad(text);
            }
            nodes.plain("  ");
        }
        lines.add(nodes);
        boolean behind = sample.requestsPerSecond() < 0.9 * sample.offeredPerSecond();
        StyledLine served = new StyledLine(colour).dim("  requests  ");
        served.judged(pad(Quantity.rate(sample.requestsPerSecond()) + "/s", 9), behind);
        served.dim("of " + Quantity.rate(sample.offeredPerSecond()) + "/s offered   p99 ");
        served.judged(pad(Quantity.millis(sample.p99Millis()), 9), sample.p99Millis() >= 1000);
        served.dim("errors ").judged(Quantity.rate(sample.errorsPerSecond()) + "/s", sample.errorsPerSecond() > 0);
        lines.add(served);
        int running = sample.databaseQueriesRunning();
        lines.add(new StyledLine(colour)
                .dim("  database  ")
                .plain(pad(running + (running == 1 ? " query" : " queries") + " running", 20))
                .plain(symbols.tally(running, Math.max(0, Math.min(40, width - 34)))));
    }

    private Stand stand(String client) {
        return clients.computeIfAbsent(client, name -> new Stand());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static double clamp(double share) {
        return Math.min(1, Math.max(0, share));
    }
}
