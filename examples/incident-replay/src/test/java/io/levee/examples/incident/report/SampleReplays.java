package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Event;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Replays as they may come out of a run, made up. */
final class SampleReplays {
    /** Enough of a phase to make up its seconds: mean served, latencies, database and errors. */
    private record Shape(
            String phase,
            int seconds,
            int nodesUp,
            double served,
            double p50,
            double p99,
            double running,
            double queries,
            double errors,
            double waiting) {}

    private static final double OFFERED = 600;

    private SampleReplays() {}

    static Replay crash() {
        return crash(10);
    }

    /** The crash scenario, with phases of this length. */
    static Replay crash(int seconds) {
        return replay("crash", List.of(levee(seconds), spymemcached(seconds)), false);
    }

    static Replay single() {
        return replay("crash", List.of(spymemcached(10)), false);
    }

    static Replay three() {
        ClientRun none = run(
                "none",
                List.of(
                        new Shape("warm-up", 8, 3, 40, 7_500, 12_000, 8, 40, 0, 400),
                        new Shape("healthy", 10, 3, 39, 10_000, 14_000, 8, 40, 510, 600)),
                3);
        return replay("crash", List.of(levee(10), spymemcached(10), none), false);
    }

    static Replay interrupted() {
        Replay whole = crash();
        ClientRun levee = whole.runs().get(0);
        ClientRun cut = until(whole.runs().get(1), 23);
        return new Replay(
                whole.scenario(), whole.settings(), whole.startedAt(), whole.machine(), List.of(levee, cut), true);
    }

    static Replay interruptedAtOnce() {
        return replay("crash", List.of(new ClientRun("levee", List.of(), List.of(), List.of())), true);
    }

    static Replay withoutRuns() {
        return new Replay("crash", Map.of(), Instant.parse("2026-11-24T15:00:00Z"), "a machine", List.of(), true);
    }

    static Replay short5Seconds() {
        ClientRun run = run(
                "levee",
                List.of(
                        new Shape("healthy", 2, 3, 600, 0.3, 4, 1, 6, 0, 2),
                        new Shape("1 dead", 1, 2, 600, 0.3, 4, 1, 6, 0, 2),
                        new Shape("2 dead", 1, 1, 600, 0.3, 4, 1, 6, 0, 2),
                        new Shape("3 dead", 1, 0, 600, 0.3, 4, 1, 6, 0, 2)),
                7);
        return replay("crash", List.of(run), false);
    }

    /** Twenty minutes in which nodes flap, with six events in one second. */
    static Replay flap20Minutes() {
        List<Shape> levee = new ArrayList<>();
        List<Shape> other = new ArrayList<>();
        levee.add(new Shape("warm-up", 30, 3, 598, 0.4, 40, 3, 40, 0, 3));
        other.add(new Shape("warm-up", 30, 3, 590, 0.4, 400, 6, 45, 0, 30));
        for (int round = 1; round <= 13; round++) {
            levee.add(new Shape("flap " + round, 60, 3, 600, 0.4, 6, 1.5, 9, 0, 2));
            levee.add(new Shape("flap " + round + " down", 30, 0, 600, 0.2, 5, 1.5, 9, 0, 2));
            other.add(new Shape("flap " + round, 60, 3, 520, 0.5, 900, 5, 30, 3, 60));
            other.add(new Shape("flap " + round + " down", 30, 0, 40, 9_000, 15_000, 8, 41, 22, 700));
        }
        return replay("flap", List.of(run("levee", levee, 5), run("spymemcached", other, 6)), false);
    }

    static Replay hang() {
        Replay crash = crash();
        List<ClientRun> runs =
                crash.runs().stream().map(SampleReplays::hungForKilled).toList();
        return new Replay("hang", crash.settings(), crash.startedAt(), crash.machine(), runs, false);
    }

    /** Every text of it is an attempt to become markup. */
    static Replay hostile() {
        String evil = "<script>alert('x')</script>\"&\u001b[31m";
        Sample sample = new Sample(1, evil, 1, 1, Double.NaN, 0, 1, 1, 1, 1, 1, List.of(NodeStatus.UP));
        Sample next = new Sample(2, evil, 1, 1, 3, 4, 1, 1, 1, 1, 1, List.of(NodeStatus.KILLED));
        Event event = new Event(1, evil, evil, Event.Kind.FAULT);
        PhaseSummary phase = new PhaseSummary(evil, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, evil);
        ClientRun run = new ClientRun(evil, List.of(sample, next), List.of(event), List.of(phase));
        return new Replay(evil, Map.of(evil, evil), Instant.parse("2026-11-24T15:00:00Z"), evil, List.of(run), true);
    }

    private static ClientRun levee(int seconds) {
        return run(
                "levee",
                List.of(
                        new Shape("warm-up", 8, 3, 596, 0.5, 60, 3, 30, 0, 5),
                        new Shape("healthy", seconds, 3, 600, 0.35, 5, 1.2, 8, 0, 2),
                        new Shape("1 dead", seconds, 2, 600, 0.3, 5, 1.2, 8, 0, 2),
                        new Shape("2 dead", seconds, 1, 600, 0.25, 5, 1.3, 8, 0, 2),
                        new Shape("3 dead", seconds, 0, 600, 0.2, 5, 1.2, 8, 0, 2),
                        new Shape("restarted", seconds, 3, 600, 0.4, 6, 1.4, 9, 0, 2)),
                1);
    }

    private static ClientRun spymemcached(int seconds) {
        return run(
                "spymemcached",
                List.of(
                        new Shape("warm-up", 8, 3, 590, 0.5, 400, 5, 35, 0, 20),
                        new Shape("healthy", seconds, 3, 600, 0.4, 200, 2, 12, 0, 6),
                        new Shape("1 dead", seconds, 2, 600, 0.4, 210, 3.4, 20, 0, 8),
                        new Shape("2 dead", seconds, 1, 222, 900, 5_300, 7.9, 39, 4, 500),
                        new Shape("3 dead", seconds, 0, 26, 9_000, 11_000, 8, 40, 37, 1_200),
                        new Shape("restarted", seconds, 3, 380, 40, 9_000, 6.5, 36, 9, 300)),
                2);
    }

    private static ClientRun run(String client, List<Shape> shapes, long seed) {
        Random random = new Random(seed);
        List<Sample> samples = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        List<PhaseSummary> phases = new ArrayList<>();
        int at = 0;
        int before = 3;
        for (Shape shape : shapes) {
            nodeEvents(client, events, at + 0.05, before, shape.nodesUp);
            before = shape.nodesUp;
            for (int i = 0; i < shape.seconds; i++) {
                samples.add(sample(shape, ++at, random));
            }
            phases.add(phase(shape));
        }
        return new ClientRun(client, List.copyOf(samples), List.copyOf(events), List.copyOf(phases));
    }

    private static void nodeEvents(String client, List<Event> events, double at, int before, int now) {
        for (int node = before; node > now; node--) {
            events.add(new Event(at, "node " + (4 - node), "killed with SIGKILL", Event.Kind.FAULT));
            if (client.equals("levee")) {
                String seen = "is DOWN: connection reset by peer; its keys are served from the local fallback";
                events.add(new Event(at + 0.2, "node " + (4 - node), seen, Event.Kind.OBSERVED));
            }
        }
        for (int node = 1; node <= now - before; node++) {
            events.add(new Event(at, "node " + node, "restarted, empty", Event.Kind.RECOVERY));
            if (client.equals("levee")) {
                events.add(new Event(at + 0.6, "node " + node, "is UP again after 31 s", Event.Kind.OBSERVED));
            }
        }
    }

    private static Sample sample(Shape shape, int at, Random random) {
        double offered = OFFERED + random.nextGaussian() * 3;
        double served = Math.max(0, Math.min(offered, shape.served * (1 + random.nextGaussian() * 0.04)));
        List<NodeStatus> nodes = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            nodes.add(node < 3 - shape.nodesUp ? NodeStatus.KILLED : NodeStatus.UP);
        }
        double swing = Math.exp(random.nextGaussian() * 0.15);
        return new Sample(
                at,
                shape.phase,
                shape.served > 595 ? offered : served,
                Math.max(0, shape.errors * (1 + random.nextGaussian() * 0.3)),
                shape.p50 * swing,
                shape.p99 * swing,
                offered,
                (int) Math.max(0, Math.min(8, Math.round(shape.running + random.nextGaussian() * 0.7))),
                Math.max(0, shape.queries * (1 + random.nextGaussian() * 0.1)),
                Math.max(0, shape.queries * 0.9 * (1 + random.nextGaussian() * 0.1)),
                (int) Math.max(0, shape.waiting * (1 + random.nextGaussian() * 0.1)),
                nodes);
    }

    private static PhaseSummary phase(Shape shape) {
        long queries = Math.round(shape.queries * shape.seconds);
        return new PhaseSummary(
                shape.phase,
                shape.seconds,
                shape.served,
                OFFERED,
                Math.round(shape.errors * shape.seconds),
                shape.p50,
                shape.p99,
                shape.p99 * 1.4,
                queries,
                Math.round(queries * 0.9),
                30L * shape.seconds,
                shape.queries,
                shape.nodesUp,
                shape.errors > 0 ? "SQLTransientConnectionException: no connection within 10 s" : null);
    }

    private static ClientRun until(ClientRun run, double seconds) {
        return new ClientRun(
                run.client(),
                run.samples().stream().filter(s -> s.atSeconds() <= seconds).toList(),
                run.events().stream().filter(e -> e.atSeconds() <= seconds).toList(),
                run.phases().subList(0, 2));
    }

    private static ClientRun hungForKilled(ClientRun run) {
        List<Sample> samples = new ArrayList<>();
        NodeStatus before = NodeStatus.UP;
        for (Sample s : run.samples()) {
            boolean starting = before == NodeStatus.KILLED && s.nodes().get(0) == NodeStatus.UP;
            before = s.nodes().get(0);
            List<NodeStatus> nodes = s.nodes().stream()
                    .map(node -> starting ? NodeStatus.STARTING : node == NodeStatus.KILLED ? NodeStatus.HUNG : node)
                    .toList();
            samples.add(new Sample(
                    s.atSeconds(),
                    s.phase().replace("dead", "hung"),
                    s.requestsPerSecond(),
                    s.errorsPerSecond(),
                    s.p50Millis(),
                    s.p99Millis(),
                    s.offeredPerSecond(),
                    s.databaseQueriesRunning(),
                    s.databaseQueriesPerSecond(),
                    s.statsQueriesPerSecond(),
                    s.requestsInFlight(),
                    nodes));
        }
        return new ClientRun(run.client(), List.copyOf(samples), run.events(), run.phases());
    }

    private static Replay replay(String scenario, List<ClientRun> runs, boolean interrupted) {
        Map<String, String> settings = new LinkedHashMap<>(new TreeMap<>(Map.of(
                "--rate", "600",
                "--nodes", "3",
                "--phase-seconds", "10",
                "database slots", "8",
                "pages", "20,000, Zipf 0.9",
                "stats share", "20%",
                "memcached", "1.6.18")));
        Instant startedAt = Instant.parse("2026-11-24T15:00:00Z");
        return new Replay(scenario, settings, startedAt, "Linux amd64, 2 processors, Java 17.0.15", runs, interrupted);
    }
}
