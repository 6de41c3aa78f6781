package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Terms;

/** What a read owes to another process's write: the promise with all its excuses, in one place. */
final class Promise {
    private final Terms terms;
    private final Outages outages;

    Promise(Terms terms, Outages outages) {
        this.terms = terms;
        this.outages = outages;
    }

    /** The rule that a read breaks which began after the write had returned and does not see it; null if it may do so. */
    Rule brokenBy(Read read, Calls reader, Duty duty) {
        if (duty.orphaned()) {
            return null;
        }
        long dueNanos = due(duty, reader.process().slot());
        if (read.start() <= dueNanos + terms.nearOf(read.item()).toNanos()
                || isCutOff(read, reader, duty)
                || isUnanswered(read)
                || standsInForFailedLoad(read, reader)
                || isNearAnEarlierCall(read, reader, dueNanos)) {
            return null;
        }
        if (duty.isClear()) {
            return Rule.OTHERS_CLEAR;
        }
        return dueNanos > duty.end() ? Rule.HEALED : Rule.OTHERS_WRITE;
    }

    /**
     * When the write must be seen: at once, or when those have rejoined who were cut off while it was made: the writer, the reader, the
     * node. Outages that follow one upon the other delay it further.
     */
    private long due(Duty duty, int readerSlot) {
        long due = duty.end() + duty.delayNanos();
        for (Outage outage : outages.all()) {
            if (outage.from() > due) {
                break;
            }
            if (outage.to() >= duty.start() && isFelt(outage, duty, readerSlot)) {
                due = Math.max(due, outage.to() + duty.delayNanos());
            }
        }
        return due;
    }

    private boolean isFelt(Outage outage, Duty duty, int readerSlot) {
        return outage.concerns(duty.node(), duty.slot()) || outage.concerns(duty.node(), readerSlot);
    }

    /** The reader cannot ask the node and serves what it knows. */
    private boolean isCutOff(Read read, Calls reader, Duty duty) {
        return outages.all().stream()
                .anyMatch(outage -> outage.overlaps(read.start(), read.end())
                        && outage.concerns(duty.node(), reader.process().slot()));
    }

    /** It took so long that the node may not have answered in time. */
    private boolean isUnanswered(Read read) {
        return read.end() - read.start() >= terms.answer().toNanos() * 9 / 10;
    }

    /** Stale-if-error: the last value that the process knows, if the key cannot be loaded. */
    private boolean standsInForFailedLoad(Read read, Calls reader) {
        return reader.failedToLoad(read.item(), read.start() - terms.heldBack().toNanos(), read.end());
    }

    /** The near cache may keep what its process had asked for before the write was due, until it hears that the node has it no more. */
    private boolean isNearAnEarlierCall(Read read, Calls reader, long dueNanos) {
        long keptNanos = terms.nearOf(read.item()).toNanos();
        return keptNanos > 0
                && reader.reach(
                        read.item(),
                        dueNanos,
                        read.start(),
                        keptNanos,
                        terms.slowness().toNanos());
    }
}
