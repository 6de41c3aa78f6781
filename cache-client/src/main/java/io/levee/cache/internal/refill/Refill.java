package io.levee.cache.internal.refill;

import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.Restart;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.monitor.CacheListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One node being refilled, on one connection. One step at a time: the next is set off when the node has answered all of the one before
 * and the {@link Pace} allows it, so that a slow node slows its refilling.
 */
final class Refill {
    /** How many keys a step looks at, as most may be of other nodes: about a millisecond. */
    private static final int MOST_LOOKS = 500;

    record Candidate(Stock<?, ?> stock, Object localKey) {}

    private final Node node;
    private final long connectionNumber;
    private final Restart restart;
    private final List<Candidate> candidates;
    private final WarmUp.Later later;
    private final TimeSource time;
    private final CacheListener listener;
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger present = new AtomicInteger();

    /** The end by the wall clock too: a machine that is suspended stops the other. */
    private final long untilMillis;

    /** Touched by one step at a time. */
    private int next;

    Refill(
            Node node,
            long connectionNumber,
            Restart restart,
            List<Candidate> candidates,
            WarmUp.Later later,
            TimeSource time,
            CacheListener listener) {
        this.node = node;
        this.connectionNumber = connectionNumber;
        this.restart = restart;
        this.candidates = candidates;
        this.later = later;
        this.time = time;
        this.listener = listener;
        this.untilMillis = time.millis() + TimeUnit.NANOSECONDS.toMillis(restart.refillUntilNanos() - time.nanos());
    }

    void begin() {
        later.after(0, this::step);
    }

    private void step() {
        Pace pace = Pace.beside(node.connections());
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (int looks = 0; looks < MOST_LOOKS && answers.size() < pace.values() && !isOver(); looks++) {
            Candidate candidate = candidates.get(next++);
            CompletableFuture<Reply> sent =
                    candidate.stock().send(candidate.localKey(), node, connectionNumber, restart);
            if (sent != null) {
                answers.add(sent.thenAccept(this::count));
            }
        }
        Future<?> unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                // On the node's I/O thread, which only sets the timer.
                .thenRun(() -> later.after(pace.pauseNanos(), isOver() ? this::end : this::step));
    }

    private boolean isOver() {
        return next == candidates.size()
                || node.connectionNumber() != connectionNumber
                || time.nanos() - restart.refillUntilNanos() >= 0
                || time.millis() >= untilMillis;
    }

    private void count(Reply reply) {
        if (reply instanceof Reply.Stored) {
            stored.incrementAndGet();
        } else if (reply instanceof Reply.NotStored) {
            present.incrementAndGet();
        }
    }

    private void end() {
        if (stored.get() > 0 || present.get() > 0) {
            listener.nodeRefilled(node.address(), stored.get(), present.get());
        }
    }
}
