package io.levee.cache.internal.generation;

import io.levee.cache.internal.transport.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evens out what this process and a node know: the higher of each generation, here and there. So every process spreads what it
 * knows, and a node that lost its record gets it back from whoever comes by.
 *
 * <p>Thread-safe; never blocks. What follows an answer runs on the executor, not on the node's I/O thread.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Each try is lost to another process that wrote in between, so that somebody gets on; the next poll goes on from there. */
    private static final int TRIES = 8;

    /** Long enough to write into the placeholder, which nobody else waits for. */
    private static final int LEASE_SECONDS = 5;

    private final Knowledge knowledge;
    private final Executor steps;
    private final AtomicBoolean toldOfForeignBytes = new AtomicBoolean();

    Exchange(Knowledge knowledge, Executor steps) {
        this.knowledge = knowledge;
        this.steps = steps;
    }

    /**
     * Completes with what the node knew before it was told, which has been adopted; empty if it did not say. A node that would not
     * take what it was told is told again by the next poll.
     */
    CompletableFuture<Optional<GenerationRecord>> with(Replica replica) {
        return with(replica, GenerationRecord.NONE, TRIES);
    }

    /**
     * Begins the record on a node that has none; if it has one, that is adopted instead. What is begun becomes known only once it
     * is there: of two processes that begin at once, one adopts the other's.
     */
    CompletableFuture<Optional<GenerationRecord>> begin(Replica replica, GenerationRecord beginning) {
        return with(replica, beginning, TRIES);
    }

    private CompletableFuture<Optional<GenerationRecord>> with(Replica replica, GenerationRecord beginning, int tries) {
        boolean writes = !knowledge.known().equals(GenerationRecord.NONE) || beginning.hasBase();
        return replica.read(writes ? LEASE_SECONDS : 0)
                .thenComposeAsync(
                        reply -> {
                            if (reply instanceof Reply.Hit hit) {
                                return even(replica, beginning, record(hit), hit.token(), tries);
                            }
                            if (reply instanceof Reply.Miss miss) {
                                return even(replica, beginning, GenerationRecord.NONE, miss.token(), tries);
                            }
                            return CompletableFuture.completedFuture(Optional.empty());
                        },
                        steps);
    }

    private CompletableFuture<Optional<GenerationRecord>> even(
            Replica replica, GenerationRecord beginning, GenerationRecord theirs, long token, int tries) {
        knowledge.adopt(theirs);
        knowledge.heardFrom(replica.node());
        GenerationRecord ours = knowledge.known();
        GenerationRecord wanted = ours.hasBase() ? ours : ours.merge(beginning);
        if (theirs.equals(wanted)) {
            return CompletableFuture.completedFuture(Optional.of(theirs));
        }
        if (token == 0) {
            // Nothing was known here when the node was asked, so no placeholder was left there.
            return again(replica, beginning, theirs, tries);
        }
        return replica.write(wanted.encode(), token)
                .thenComposeAsync(
                        reply -> {
                            if (reply instanceof Reply.NotStored) {
                                return again(replica, beginning, theirs, tries);
                            }
                            if (reply instanceof Reply.Stored) {
                                knowledge.adopt(wanted);
                            } else {
                                LOG.debug("The record of generations was not written: {}", reply);
                            }
                            return CompletableFuture.completedFuture(Optional.of(theirs));
                        },
                        steps);
    }

    private CompletableFuture<Optional<GenerationRecord>> again(
            Replica replica, GenerationRecord beginning, GenerationRecord theirs, int tries) {
        return tries == 1
                ? CompletableFuture.completedFuture(Optional.of(theirs))
                : with(replica, beginning, tries - 1);
    }

    private GenerationRecord record(Reply.Hit hit) {
        Optional<GenerationRecord> record = GenerationRecord.decode(hit.data(), hit.flags());
        if (record.isEmpty() && toldOfForeignBytes.compareAndSet(false, true)) {
            LOG.debug(
                    "What is stored as the record of generations is none ({} bytes, client flags {}): it is taken for absent",
                    hit.data().length,
                    hit.flags());
        }
        return record.orElse(GenerationRecord.NONE);
    }
}
