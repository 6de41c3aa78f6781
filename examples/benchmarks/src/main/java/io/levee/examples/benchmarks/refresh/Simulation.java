package io.levee.examples.benchmarks.refresh;

import io.levee.examples.benchmarks.refresh.SimulatedNode.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A fleet that reads one key, event by event, on simulated time. The same seed gives the same run.
 *
 * <p>Modelled: the node's whole seconds and leases, one flight a process, the waiting for another process's value, Levee's jitter
 * of the end of a value. Not modelled: the time that memcached takes, the near cache, faults.
 */
final class Simulation {
    static final double FRESH = 60;
    static final double JITTER = 0.1;
    static final double LEASE = 10;
    /** The first load is no rule's doing. */
    private static final double WARM_UP = 2 * FRESH;

    /** Longer than the default of one second, so that slow loads are waited for and not given up. */
    static final double LOAD_WAIT = 60;

    private record Event(double at, Runnable happening) {}

    private final Scenario scenario;
    private final Rule rule;
    private final SplittableRandom random;
    private final SimulatedNode node;
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::at));
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private Tally tally = new Tally();
    private double now;
    private double freshUntil;

    Simulation(Scenario scenario, Rule rule, long seed) {
        this.scenario = scenario;
        this.rule = rule;
        random = new SplittableRandom(seed);
        node = new SimulatedNode(random.nextDouble());
        for (int i = 0; i < scenario.processes(); i++) {
            processes.add(new SimulatedProcess(this, rule));
        }
    }

    Tally run() {
        double nextRead = run(scenario.nextReadIn(random), WARM_UP);
        tally = new Tally();
        run(nextRead, WARM_UP + scenario.lengthSeconds());
        tally.ended(scenario.lengthSeconds());
        return tally;
    }

    /** Goes on until {@code end}, and returns when the next read is to come. */
    private double run(double firstRead, double end) {
        double nextRead = firstRead;
        while (nextRead < end) {
            Event next = events.peek();
            if (next != null && next.at() <= nextRead) {
                events.remove();
                now = next.at();
                next.happening().run();
            } else {
                now = nextRead;
                processes.get(random.nextInt(processes.size())).read();
                nextRead += scenario.nextReadIn(random);
            }
        }
        return nextRead;
    }

    double now() {
        return now;
    }

    SplittableRandom random() {
        return random;
    }

    SimulatedNode node() {
        return node;
    }

    Tally tally() {
        return tally;
    }

    void after(double seconds, Runnable happening) {
        events.add(new Event(now + seconds, happening));
    }

    double nextLoadTakes() {
        return scenario.nextLoadTakes(random);
    }

    void loadBegan(double at) {
        tally.loadBegan(Math.max(0, freshUntil - at));
    }

    /** With less than this left on the node, its lease is asked for: as {@code Envelope.dueWithin} has it. */
    double recacheSeconds() {
        double staleFor = heldPastTheEnd();
        return Double.isInfinite(rule.refreshAfter())
                ? staleFor
                : staleFor + FRESH - Math.min(rule.refreshAfter(), FRESH * (1 - JITTER));
    }

    private double heldPastTheEnd() {
        return rule.asks() ? Math.max(rule.staleFor(), LEASE) : rule.staleFor();
    }

    /** Writes a value that was loaded, with the life that {@code Envelope.seal} gives it. */
    void store(double took, long token) {
        double freshFor = FRESH * (1 - JITTER * random.nextDouble());
        Value value = new Value(now, now + freshFor, took);
        double staleFor = heldPastTheEnd();
        double life = (Double.isInfinite(rule.refreshAfter()) ? freshFor : FRESH) + staleFor;
        if (node.fill(now, value, life, token)) {
            freshUntil = value.freshUntil();
        }
    }
}
