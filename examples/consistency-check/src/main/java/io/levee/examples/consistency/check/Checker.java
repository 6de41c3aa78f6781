package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Commit;
import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Farewell;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.history.Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks through a history for reads that are older than the promise allows. A read is judged by the newest write that it does not see
 * and should have seen; a read that began before a write returned owes it nothing.
 */
public final class Checker {
    private final Terms terms;
    private final History history;
    private final int nodes;
    private final Versions versions;
    private final Outages outages;
    private final Promise promise;
    private final LatePuts latePuts;
    /** By item, the oldest version first. */
    private final Map<String, List<Duty>> duties = new HashMap<>();

    private final List<Violation> violations = new ArrayList<>();

    private Checker(History history, Terms terms, int nodes) {
        this.history = history;
        this.terms = terms;
        this.nodes = nodes;
        versions = new Versions(history.commits());
        outages = Outages.of(history, terms);
        promise = new Promise(terms, outages);
        latePuts = new LatePuts(history, outages, versions, terms);
    }

    /** All broken promises, process by process, each process's in the order of its reads. */
    public static List<Violation> check(History history, Terms terms, int nodes) {
        return new Checker(history, terms, nodes).check();
    }

    private List<Violation> check() {
        history.processes().forEach(this::collectDuties);
        duties.values().forEach(list -> list.sort(Comparator.comparingLong(Duty::version)));
        for (ProcessHistory process : history.processes()) {
            Calls calls = new Calls(process);
            process.events().forEach(event -> checkByItself(process, event));
            calls.reads().forEach(read -> check(calls, read));
            violations.addAll(Backwards.in(calls, duties, outages, latePuts, terms));
        }
        return violations;
    }

    private void collectDuties(ProcessHistory process) {
        for (Event event : process.events()) {
            if (event instanceof Write write) {
                add(process, write.item(), write.call(), history.node(write.item()), write.version(), event, 0);
            } else if (event instanceof Clear clear) {
                for (String item : versions.items()) {
                    if (item.startsWith(clear.cache() + "/")) {
                        long delayNanos = terms.clearing().toNanos();
                        long version = versions.at(item, clear.start());
                        add(process, item, "clear", Fault.EVERY_NODE, version, event, delayNanos);
                    }
                }
            }
        }
    }

    private void add(
            ProcessHistory process, String item, String call, int node, long version, Event event, long delayNanos) {
        boolean orphaned = outages.orphans(node, process, event.start(), event.end());
        Duty duty = new Duty(
                process.process(),
                process.slot(),
                item,
                call,
                node,
                version,
                event.start(),
                event.end(),
                delayNanos,
                orphaned);
        duties.computeIfAbsent(item, i -> new ArrayList<>()).add(duty);
    }

    private void checkByItself(ProcessHistory process, Event event) {
        if (event instanceof Read read && read.error().startsWith("!")) {
            Rule rule = read.hasValue() ? Rule.REAL_VALUE : Rule.NO_ERROR;
            violations.add(new Violation(
                    rule, process.process(), read, null, read.error().substring(1)));
        } else if (event instanceof Farewell farewell && farewell.nodesUp() < nodes) {
            String detail = "it had " + farewell.nodesUp() + " of " + nodes + " nodes in use at its end";
            violations.add(new Violation(Rule.REJOIN, process.process(), null, null, detail));
        }
    }

    private void check(Calls reader, Read read) {
        if (!versions.existed(read.item(), read.version(), read.end())) {
            String detail = "there was no version " + read.version() + " yet";
            violations.add(new Violation(Rule.REAL_VALUE, reader.process().process(), read, null, detail));
            return;
        }
        List<Duty> ofItem = duties.getOrDefault(read.item(), List.of());
        Violation worst = null;
        for (int i = ofItem.size() - 1; i >= 0 && ofItem.get(i).version() > read.version(); i--) {
            Duty duty = ofItem.get(i);
            Rule broken = duty.end() < read.start() ? broken(reader, read, duty) : null;
            if (broken != null && (worst == null || broken.compareTo(worst.rule()) < 0)) {
                worst = new Violation(broken, reader.process().process(), read, duty, "");
            }
        }
        if (worst != null && latePuts.explain(read, reader.process().process())) {
            return;
        }
        if (worst == null) {
            worst = tooOld(reader, read);
        }
        if (worst != null) {
            violations.add(worst);
        }
    }

    private Rule broken(Calls reader, Read read, Duty duty) {
        if (duty.process().equals(reader.process().process())) {
            return duty.isClear() ? Rule.OWN_CLEAR : Rule.OWN_WRITE;
        }
        return promise.brokenBy(read, reader, duty);
    }

    /** Whatever is broken, a value does not outlive its life. */
    private Violation tooOld(Calls reader, Read read) {
        Commit next = versions.commit(read.item(), read.version() + 1);
        if (next == null) {
            return null;
        }
        // A stopped process can hold a loaded value back for as long as it is stopped, before its life begins.
        long stoppedNanos = history.faults().stream()
                .mapToLong(fault -> fault.end() - fault.start())
                .max()
                .orElse(0);
        long mostNanos =
                terms.life().plus(terms.longestLoad()).plus(terms.rejoin()).toNanos() + stoppedNanos;
        long agoNanos = read.start() - next.end();
        return agoNanos <= mostNanos
                ? null
                : new Violation(
                        Rule.AGE,
                        reader.process().process(),
                        read,
                        null,
                        "version " + next.version() + " was committed " + agoNanos / 1_000_000 + " ms before");
    }
}
