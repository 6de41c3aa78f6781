package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Fault;

/**
 * A fault, and the time that it takes to get over it.
 *
 * @param to when those whom it concerns must have rejoined
 */
record Outage(Fault fault, long to) {
    long from() {
        return fault.start();
    }

    boolean overlaps(long start, long end) {
        return from() <= end && to >= start;
    }

    boolean concerns(int node, int slot) {
        return fault.concernsNode(node) && fault.concernsSlot(slot);
    }
}
