package io.levee.examples.consistency.history;

import java.util.List;
import java.util.Map;

/**
 * Everything that is known of a run.
 *
 * @param start when it began
 * @param faults what the nemesis did, in the order in which it began
 * @param nodeOf which node each item lies on, from 1; an item that is not in it may lie on any
 */
public record History(
        long start,
        List<ProcessHistory> processes,
        List<Commit> commits,
        List<Fault> faults,
        Map<String, Integer> nodeOf) {
    public History {
        processes = List.copyOf(processes);
        commits = List.copyOf(commits);
        faults = List.copyOf(faults);
        nodeOf = Map.copyOf(nodeOf);
    }

    /** Which node an item lies on; {@link Fault#EVERY_NODE} if that is not known. */
    public int node(String item) {
        return nodeOf.getOrDefault(item, Fault.EVERY_NODE);
    }
}
