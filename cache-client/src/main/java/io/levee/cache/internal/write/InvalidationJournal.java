package io.levee.cache.internal.write;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.Rejoin;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.NodeJournal.Missed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The invalidations of this client that nodes have not acknowledged: made while a node was dead, or not answered in time. They are
 * sent again, before the node serves again if it was out of use, and by a timer if it was not. Until then this process takes nothing
 * from the node for those keys ({@link #isBarred}).
 *
 * <p><b>Who races whom.</b> An invalidation that finds the node out of use may come after the replay and before the node serves: it
 * stays in the journal, bars its key, and the timer makes up for it. A write of a newer value may race a removal that is being sent
 * again: then the newer value may be removed too, which costs a load and never serves an old value.
 *
 * <p>Thread-safe. Nothing blocks but {@link #beforeServing}.
 */
public final class InvalidationJournal implements Rejoin {
    private static final int BATCH = 500;
    private static final long FIRST_PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    private final Map<String, NodeJournal> journals = new ConcurrentHashMap<>();
    private final Timer timer;
    private final TimeSource time;

    /** Whether any invalidation was ever missed: until then a read pays for nothing but this. */
    private volatile boolean used;

    public InvalidationJournal(Timer timer, TimeSource time) {
        this.timer = timer;
        this.time = time;
    }

    /** What became of something that was read from a node. */
    public enum Verdict {
        BELIEVED,
        /** It may be older than an invalidation that was forgotten for want of room: as good as not there. */
        REFUSED,
        /** As {@link #REFUSED}, but what is written now would look as old: as good as a node that is out of reach. */
        REFUSED_FOR_NOW
    }

    /** The node has not acknowledged that it removed the key. From now on, until it has, the key is barred. */
    public void missed(Node node, String key) {
        NodeJournal journal = journals.computeIfAbsent(node.toString(), address -> new NodeJournal());
        used = true;
        journal.missed(node, key);
        retry(journal);
    }

    /** The node has acknowledged a newer value. */
    void overwritten(Node node, String key) {
        NodeJournal journal = journalOf(node);
        if (journal != null) {
            journal.overwritten(key);
        }
    }

    /** Whether the node must not be asked for the key, because an invalidation of this process has not reached it. */
    public boolean isBarred(Node node, String key) {
        NodeJournal journal = journalOf(node);
        return journal != null && journal.isBarred(key);
    }

    /** Whether anything that the node has may have to be refused for when it was loaded, so that {@link #judge} must be asked. */
    public boolean isInDoubt(Node node) {
        NodeJournal journal = journalOf(node);
        return journal != null && journal.refusedBeforeMillis() != Long.MIN_VALUE;
    }

    /**
     * Judges what was read from a node.
     *
     * @param loadedAtMillis when its load began, by the clock of the process that loaded
     */
    public Verdict judge(Node node, long loadedAtMillis) {
        long refusedBeforeMillis = journalOf(node).refusedBeforeMillis();
        if (loadedAtMillis >= refusedBeforeMillis) {
            return Verdict.BELIEVED;
        }
        return time.millis() < refusedBeforeMillis ? Verdict.REFUSED_FOR_NOW : Verdict.REFUSED;
    }

    private NodeJournal journalOf(Node node) {
        return used ? journals.get(node.toString()) : null;
    }

    /** Makes up for what a node missed while it was out of use. Blocks for as long as its connection's answers may take. */
    @Override
    public void beforeServing(NodeAddress address, NodeConnection connection) throws IOException, InterruptedException {
        NodeJournal journal = journals.get(address.toString());
        if (journal == null) {
            return;
        }
        refuseIfOverflowed(journal);
        // Bounded, as invalidations may go on coming for a node that is not serving.
        for (int sent = 0; sent <= NodeJournal.MOST_KEYS && !journal.isEmpty(); sent += BATCH) {
            if (!await(send(journal, connection::delete))) {
                throw new IOException("connected, but invalidations that it missed could not be made up for");
            }
        }
    }

    private static boolean await(CompletableFuture<Boolean> sent) throws InterruptedException {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("answers of nodes are never exceptions", e);
        }
    }

    /** One retry at a time and node: the next is set off by the one before, until nothing is left. */
    private void retry(NodeJournal journal) {
        if (!journal.isEmpty() && journal.beginRetry()) {
            retryAfter(FIRST_PAUSE_NANOS, journal);
        }
    }

    private void retryAfter(long pauseNanos, NodeJournal journal) {
        Future<?> unused = timer.after(pauseNanos, () -> retry(pauseNanos, journal));
    }

    private void retry(long pauseNanos, NodeJournal journal) {
        if (journal.isEmpty()) {
            // Made up for before the node served again. It may also have left for good, and would be waited for in
            // vain.
            endRetry(journal);
            return;
        }
        Node node = journal.node();
        if (!node.isServing()) {
            // What it misses is made up for before it serves, or here, if it was missed at that very moment.
            retryAfter(pauseNanos, journal);
            return;
        }
        // The node serves, so what overflowed since is made up for as it is before serving.
        refuseIfOverflowed(journal);
        Future<?> unused = send(journal, node::delete).thenAccept(all -> {
            if (!all) {
                retryAfter(Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos), journal);
                return;
            }
            endRetry(journal);
        });
    }

    /** In this order: who adds a key before sees that somebody retries, and is looked for here; who comes later begins anew. */
    private void endRetry(NodeJournal journal) {
        journal.endRetry();
        retry(journal);
    }

    private void refuseIfOverflowed(NodeJournal journal) {
        if (journal.hasOverflowed()) {
            journal.refuseLoadedBefore(() -> time.millis() + Envelope.CLOCK_SKEW.toMillis());
        }
    }

    /** Sends a batch; completes with whether all of it was acknowledged. */
    private static CompletableFuture<Boolean> send(
            NodeJournal journal, Function<String, CompletableFuture<Reply>> delete) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (Missed missed : journal.some(BATCH)) {
            answers.add(delete.apply(missed.key()).thenApply(reply -> {
                boolean done = reply instanceof Reply.Deleted;
                if (done) {
                    journal.madeUpFor(missed);
                }
                return done;
            }));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().allMatch(CompletableFuture::join));
    }
}
