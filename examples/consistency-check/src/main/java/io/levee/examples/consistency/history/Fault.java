package io.levee.examples.consistency.history;

import java.util.Set;

/**
 * Something that the nemesis did, or that a worker heard of from Levee.
 *
 * @param what in words: "node 2 killed"
 * @param node which node it concerns, from 1; {@link #EVERY_NODE} for all
 * @param slots which workers it concerns; empty for all
 * @param start a moment before it
 * @param end a moment after it was undone
 */
public record Fault(String what, int node, Set<Integer> slots, long start, long end) {
    public static final int EVERY_NODE = 0;

    public Fault {
        slots = Set.copyOf(slots);
    }

    public boolean concernsNode(int other) {
        return node == EVERY_NODE || other == EVERY_NODE || node == other;
    }

    public boolean concernsSlot(int slot) {
        return slots.isEmpty() || slots.contains(slot);
    }
}
