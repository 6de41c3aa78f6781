package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.WriteFailure;
import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.history.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When something was broken, and for whom. Beside what the nemesis did this is what the processes heard from Levee: on a busy machine a
 * node can look dead without anybody's doing, and then Levee owes no more than with a dead node. That they come back is a rule of its
 * own.
 */
final class Outages {
    /** Levee tells of a dead node after it has ceased to ask it, on another thread. */
    private static final long BEFORE_TOLD_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Outage> all = new ArrayList<>();

    private Outages() {}

    static Outages of(History history, Terms terms) {
        Outages outages = new Outages();
        long rejoinNanos = terms.rejoin().toNanos();
        Stream.concat(history.faults().stream(), history.processes().stream().flatMap(p -> told(p, history, terms)))
                .forEach(fault -> outages.all.add(new Outage(fault, fault.end() + rejoinNanos)));
        outages.all.sort(Comparator.comparingLong(Outage::from));
        return outages;
    }

    List<Outage> all() {
        return all;
    }

    /** Whether the process died before it could make up for a fault that it met between {@code start} and {@code end}. */
    boolean orphans(int node, ProcessHistory process, long start, long end) {
        return all.stream()
                .anyMatch(outage -> outage.concerns(node, process.slot())
                        && outage.overlaps(start, end)
                        && outage.to() >= process.killedAt());
    }

    private static Stream<Fault> told(ProcessHistory process, History history, Terms terms) {
        List<Fault> told = new ArrayList<>();
        Map<Integer, NodeChange> down = new HashMap<>();
        Set<Integer> slot = Set.of(process.slot());
        long last = 0;
        for (Event event : process.events()) {
            last = Math.max(last, event.end());
            if (event instanceof NodeChange change && !change.up()) {
                down.putIfAbsent(change.node(), change);
            } else if (event instanceof NodeChange change) {
                NodeChange since = down.remove(change.node());
                if (since != null) {
                    told.add(lost(process, since, change.start()));
                }
            } else if (event instanceof WriteFailure failure) {
                long waitedNanos = terms.answer().plus(terms.slowness()).toNanos();
                told.add(new Fault(
                        process.process() + " could not write " + failure.item() + ": " + failure.reason(),
                        history.node(failure.item()),
                        slot,
                        failure.start() - waitedNanos,
                        failure.start()));
            }
        }
        for (NodeChange since : down.values()) {
            told.add(lost(process, since, last));
        }
        return told.stream();
    }

    private static Fault lost(ProcessHistory process, NodeChange down, long until) {
        return new Fault(
                process.process() + " took node " + down.node() + " for dead: " + down.reason(),
                down.node(),
                Set.of(process.slot()),
                down.start() - BEFORE_TOLD_NANOS,
                until);
    }
}
