package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rule that a process does not go back behind what it has read while all was well: what it then holds is its stand-in for a dead
 * node.
 */
final class Backwards {
    private final Calls calls;
    private final Outages outages;
    private final LatePuts latePuts;
    private final Terms terms;

    private Backwards(Calls calls, Outages outages, LatePuts latePuts, Terms terms) {
        this.calls = calls;
        this.outages = outages;
        this.latePuts = latePuts;
        this.terms = terms;
    }

    static List<Violation> in(
            Calls calls, Map<String, List<Duty>> duties, Outages outages, LatePuts latePuts, Terms terms) {
        Backwards backwards = new Backwards(calls, outages, latePuts, terms);
        Map<String, List<Read>> reads = new HashMap<>();
        calls.reads()
                .forEach(read -> reads.computeIfAbsent(read.item(), item -> new ArrayList<>())
                        .add(read));
        List<Violation> found = new ArrayList<>();
        reads.forEach((item, list) -> found.addAll(backwards.in(list, duties.getOrDefault(item, List.of()))));
        return found;
    }

    /** What was read for sure, and which write it saw. */
    private record Sure(Read read, Duty duty) {}

    private List<Violation> in(List<Read> byStart, List<Duty> duties) {
        Map<Long, Duty> writes = new HashMap<>();
        duties.stream().filter(duty -> !duty.isClear()).forEach(duty -> writes.put(duty.version(), duty));
        List<Read> byEnd =
                byStart.stream().sorted(Comparator.comparingLong(Read::end)).toList();
        List<Violation> found = new ArrayList<>();
        Sure newest = null;
        int next = 0;
        for (Read read : byStart) {
            for (; next < byEnd.size() && byEnd.get(next).end() < read.start(); next++) {
                Read earlier = byEnd.get(next);
                Duty seen = writes.get(earlier.version());
                boolean newer =
                        newest == null || earlier.version() > newest.read().version();
                if (newer && seen != null && isSure(earlier, seen)) {
                    newest = new Sure(earlier, seen);
                }
            }
            if (newest != null
                    && read.version() < newest.read().version()
                    && !latePuts.explain(read, calls.process().process())) {
                found.add(new Violation(
                        Rule.BACKWARDS,
                        calls.process().process(),
                        read,
                        newest.duty(),
                        "it had read version " + newest.read().version() + " before"));
            }
        }
        return found;
    }

    /** The write had returned before the read began, nothing was broken, and no earlier call could still shelve something older. */
    private boolean isSure(Read read, Duty duty) {
        return duty.end() < read.start()
                && outages.all().stream()
                        .noneMatch(outage ->
                                outage.fault().concernsNode(duty.node()) && outage.overlaps(duty.start(), read.end()))
                && !calls.reach(
                        read.item(),
                        duty.end(),
                        read.start(),
                        terms.slowness().toNanos(),
                        terms.slowness().toNanos());
    }
}
