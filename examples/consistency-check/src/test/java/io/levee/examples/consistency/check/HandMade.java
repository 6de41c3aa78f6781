package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Commit;
import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Farewell;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Event.WriteFailure;
import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.history.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history made by hand, in milliseconds. Process {@code w2.1} is the first in slot 2; plain/i0 and near/i0 lie on node 1. */
final class HandMade {
    static final int NODES = 3;

    private final Map<String, List<Event>> events = new LinkedHashMap<>();
    private final Map<String, Long> killedAt = new HashMap<>();
    private final List<Commit> commits = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** A whole write step: the commit comes 1 ms before the cache's call. */
    HandMade write(String process, String call, String item, long version, long start, long end) {
        commit(process, item, version, start - 1);
        return add(process, new Write(item, call, nanos(start), nanos(end), version));
    }

    HandMade commit(String process, String item, long version, long at) {
        commits.add(new Commit(item, version, process, nanos(at), nanos(at)));
        return this;
    }

    HandMade read(String process, String item, long version, long start, long end) {
        return add(process, new Read(item, "get", nanos(start), nanos(end), version, "", -1, ""));
    }

    HandMade error(String process, String item, String error) {
        return add(process, new Read(item, "get", 0, 1, 0, "", -1, error));
    }

    HandMade load(String process, String item, long version, long start, long end) {
        return add(process, new Load(item, nanos(start), nanos(end), version));
    }

    HandMade clear(String process, String cache, long start, long end) {
        return add(process, new Clear(cache, nanos(start), nanos(end)));
    }

    HandMade nodeChange(String process, int node, boolean up, long at) {
        return add(process, new NodeChange(node, up, nanos(at), "timeout"));
    }

    HandMade writeFailure(String process, String item, long at) {
        return add(process, new WriteFailure(item, nanos(at), "timeout"));
    }

    HandMade farewell(String process, int nodesUp) {
        return add(process, new Farewell(nodesUp, 0));
    }

    /** A fault of a node, as some workers see it; all of them if none is named. */
    HandMade fault(int node, Set<Integer> slots, long start, long end) {
        faults.add(new Fault("a fault", node, slots, nanos(start), nanos(end)));
        return this;
    }

    HandMade killed(String process, long at) {
        killedAt.put(process, nanos(at));
        events.computeIfAbsent(process, p -> new ArrayList<>());
        return this;
    }

    List<Violation> check() {
        List<ProcessHistory> processes = new ArrayList<>();
        events.forEach((process, list) -> processes.add(new ProcessHistory(
                Integer.parseInt(process.substring(1, process.indexOf('.'))),
                process,
                list,
                killedAt.getOrDefault(process, ProcessHistory.NEVER))));
        History history = new History(
                0, processes, commits, faults, Map.of("plain/i0", 1, "plain/p0", 1, "near/i0", 1, "plain/i2", 2));
        return Checker.check(history, Terms.ofRun(), NODES);
    }

    List<Rule> broken() {
        return check().stream().map(Violation::rule).toList();
    }

    private HandMade add(String process, Event event) {
        events.computeIfAbsent(process, p -> new ArrayList<>()).add(event);
        return this;
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }
}
