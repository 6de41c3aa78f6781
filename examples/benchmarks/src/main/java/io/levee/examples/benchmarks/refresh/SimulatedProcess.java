package io.levee.examples.benchmarks.refresh;

import io.levee.examples.benchmarks.refresh.SimulatedNode.Answer;
import io.levee.examples.benchmarks.refresh.SimulatedNode.Lease;
import io.levee.examples.benchmarks.refresh.SimulatedNode.Value;
import java.util.ArrayList;
import java.util.List;

/** One process of the fleet: Levee's plan and its flight of the one key, with {@link Rule}. */
final class SimulatedProcess {
    private static final double FIRST_PAUSE = 0.005;
    private static final double LONGEST_PAUSE = 0.25;
    private static final double PAUSE_GROWTH = 1.6;
    /** For asking for the lease of an item whatever its time left. */
    private static final double ALWAYS = Double.POSITIVE_INFINITY;

    private static final long NO_TOKEN = 0;

    private final Simulation simulation;
    private final Rule rule;
    private final List<Double> waiting = new ArrayList<>();
    private boolean flying;
    private boolean loading;
    private long offered;
    private double flightBegan;
    private double pause;

    SimulatedProcess(Simulation simulation, Rule rule) {
        this.simulation = simulation;
        this.rule = rule;
    }

    void read() {
        double now = simulation.now();
        simulation.tally().read();
        Answer answer = ask(simulation.recacheSeconds());
        if (answer.value() == null) {
            need(answer, answer.lease() == Lease.LOST);
        } else if (now < answer.value().freshUntil()) {
            if (isDue(answer, now)) {
                refreshBehind(answer);
            }
        } else {
            expired(rule.asks() && answer.lease() == Lease.NONE ? ask(ALWAYS) : answer, now);
        }
    }

    private Answer ask(double recacheSeconds) {
        return simulation.node().get(simulation.now(), (long) Simulation.LEASE, recacheSeconds);
    }

    private boolean isDue(Answer answer, double now) {
        Value value = answer.value();
        if (answer.lease() == Lease.WON) {
            return true;
        }
        if (answer.lease() == Lease.NONE && now - value.writtenAt() >= rule.refreshAfter()) {
            return !rule.asks() || ask(ALWAYS).lease() == Lease.WON;
        }
        if (rule.beta() == 0 || answer.lease() == Lease.LOST) {
            return false;
        }
        double left = value.freshUntil() - now;
        double early = -value.loadTook()
                * rule.beta()
                * Math.log(1 - simulation.random().nextDouble());
        return early >= left
                && left <= rule.most() * (value.freshUntil() - value.writtenAt())
                && ask(ALWAYS).lease() == Lease.WON;
    }

    /** Nobody waits for it. */
    private void refreshBehind(Answer answer) {
        if (!flying) {
            fly();
            load(answer.token());
        }
    }

    private void expired(Answer answer, double now) {
        double overdue = now - answer.value().freshUntil();
        boolean othersLoad = answer.lease() == Lease.LOST && overdue < Simulation.LEASE;
        if (overdue >= rule.staleFor()) {
            need(answer, othersLoad && rule.asks());
        } else if (othersLoad || flying) {
            simulation.tally().servedStale();
        } else {
            fly();
            waiting.add(now);
            load(answer.token());
        }
    }

    /** Nothing may be served: the value is waited for. */
    private void need(Answer answer, boolean awaitsLease) {
        waiting.add(simulation.now());
        if (!flying) {
            fly();
            if (awaitsLease) {
                lookAgainLater();
            } else {
                load(answer.token());
            }
        } else if (answer.lease() == Lease.WON) {
            if (loading) {
                simulation.node().release(simulation.now(), answer.token());
            } else {
                offered = answer.token();
                load(offered);
            }
        }
    }

    private void fly() {
        flying = true;
        loading = false;
        offered = NO_TOKEN;
        flightBegan = simulation.now();
        pause = FIRST_PAUSE;
    }

    private void lookAgainLater() {
        double jittered = pause / 2 * (1 + simulation.random().nextDouble());
        pause = Math.min(LONGEST_PAUSE, pause * PAUSE_GROWTH);
        double flight = flightBegan;
        simulation.after(jittered, () -> {
            if (flying && !loading && flightBegan == flight) {
                look();
            }
        });
    }

    private void look() {
        Answer answer = ask(0);
        if (answer.value() != null && simulation.now() < answer.value().freshUntil()) {
            land();
        } else if (answer.lease() == Lease.LOST && simulation.now() - flightBegan < Simulation.LOAD_WAIT) {
            lookAgainLater();
        } else {
            load(answer.token());
        }
    }

    private void load(long token) {
        loading = true;
        double began = simulation.now();
        double takes = simulation.nextLoadTakes();
        simulation.loadBegan(began);
        simulation.after(takes, () -> {
            simulation.store(takes, token);
            land();
        });
    }

    private void land() {
        flying = false;
        loading = false;
        for (double since : waiting) {
            simulation.tally().waited(simulation.now() - since);
        }
        waiting.clear();
    }
}
