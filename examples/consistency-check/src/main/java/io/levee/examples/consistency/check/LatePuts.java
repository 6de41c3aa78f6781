package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Commit;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.history.Terms;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts that their process gave up while it was cut off from the node, or the node was dead: what it had sent may still arrive, after
 * newer puts of others. Until it has rejoined, and has removed what may have arrived, its version may be read again; if it died before,
 * until the value's life ends.
 */
final class LatePuts {
    private final History history;
    private final Outages outages;
    private final Versions versions;
    private final long lifeNanos;
    private final Map<String, ProcessHistory> processes = new HashMap<>();
    private final Map<String, Write> puts = new HashMap<>();

    LatePuts(History history, Outages outages, Versions versions, Terms terms) {
        this.history = history;
        this.outages = outages;
        this.versions = versions;
        lifeNanos = terms.life().plus(terms.near()).toNanos();
        for (ProcessHistory process : history.processes()) {
            processes.put(process.process(), process);
            process.events().forEach(event -> {
                if (event instanceof Write write && write.isPut()) {
                    puts.put(write.item() + ":" + write.version(), write);
                }
            });
        }
    }

    /** Whether what was read may be such a put of another process than the reader's. */
    boolean explain(Read read, String reader) {
        Commit commit = versions.commit(read.item(), read.version());
        if (commit == null || commit.process().equals(reader) || !processes.containsKey(commit.process())) {
            return false;
        }
        ProcessHistory writer = processes.get(commit.process());
        Write put = puts.get(read.item() + ":" + read.version());
        long givenUp = put != null ? put.end() : writer.killedAt();
        boolean isPut = put != null || writer.killedAt() != ProcessHistory.NEVER;
        return isPut
                && outages.all().stream()
                        .anyMatch(outage -> outage.concerns(history.node(read.item()), writer.slot())
                                && outage.overlaps(commit.start(), givenUp)
                                && read.start() <= end(outage, writer));
    }

    private long end(Outage outage, ProcessHistory writer) {
        return writer.killedAt() <= outage.to() ? outage.to() + lifeNanos : outage.to();
    }
}
