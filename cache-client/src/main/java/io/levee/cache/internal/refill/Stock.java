package io.levee.cache.internal.refill;

import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.KeyEncoder;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.Envelope.Item;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.Restart;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.internal.write.RecentWrites;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What one cache of this process can give back to a node that came back empty. Thread-safe; never blocks.
 *
 * <p><b>Who races whom.</b> This process invalidates or puts a key whose value is being sent. It takes the entry off the shelf first
 * and tells the node second, on the same connection, which keeps the order: what is sent before its tombstone or value is overwritten by
 * it, and what is sent after it is refused. On another connection nothing is sent at all. Another process invalidates: its tombstone,
 * too, comes before the value or after it. The cache is cleared: the value goes out with the generation from before, and is refused by
 * whoever knows the new one.
 */
public final class Stock<K, V> {
    /**
     * A value counts if memcached confirmed it, or it was loaded, no longer than this before the node was lost. What was invalidated
     * or put by another process earlier than that may be held here unnoticed; what was since, that process remembers ({@link
     * RecentWrites}).
     */
    static final long CONFIRMED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final KeyEncoder<K> keys;
    private final Shelf<V> shelf;
    private final Envelope<V> envelope;
    private final Generation generation;
    private final InvalidationJournal journal;
    private final Function<String, Node> owner;
    private final TimeSource time;

    /** @param owner the node that the ring gives a memcached key */
    public Stock(
            KeyEncoder<K> keys,
            Shelf<V> shelf,
            Envelope<V> envelope,
            Generation generation,
            InvalidationJournal journal,
            Function<String, Node> owner,
            TimeSource time) {
        this.keys = keys;
        this.shelf = shelf;
        this.envelope = envelope;
        this.generation = generation;
        this.journal = journal;
        this.owner = owner;
        this.time = time;
    }

    List<Object> localKeys() {
        return shelf.keys();
    }

    /** Sends the value of a key, if it is good enough and belongs to the node; null if nothing was sent. */
    CompletableFuture<Reply> send(Object localKey, Node node, long connectionNumber, Restart restart) {
        long known = generation.current();
        LocalEntry<V> entry = shelf.look(localKey);
        if (entry == null || !isGood(entry, restart)) {
            return null;
        }
        String nodeKey = keys.nodeKey(localKey);
        if (owner.apply(nodeKey) != node || isDoubted(nodeKey, node, entry)) {
            return null;
        }
        Item item;
        try {
            item = envelope.sealAgain(entry, known);
        } catch (RuntimeException | StackOverflowError e) {
            // Whatever its codec throws, there are others.
            return null;
        }
        // Looked at once more, since to encode takes time. From here on the order on the connection decides.
        if (shelf.look(localKey) != entry
                || generation.current() != known
                || item.ttl().isNegative()) {
            return null;
        }
        Duration ttl = envelope.outliving(node.youngFor(), item.ttl());
        return node.add(nodeKey, item.data(), EntryFormat.CLIENT_FLAGS, ttl, connectionNumber);
    }

    private boolean isGood(LocalEntry<V> entry, Restart restart) {
        return !entry.isAbsence()
                && !entry.isOnlyHere()
                && entry.isFresh(time.nanos())
                && entry.isConfirmedSince(restart.lostNanos() - CONFIRMED_WITHIN_NANOS);
    }

    private boolean isDoubted(String nodeKey, Node node, LocalEntry<V> entry) {
        return journal.isBarred(node, nodeKey)
                || (journal.isInDoubt(node)
                        && journal.judge(node, entry.loadedAtMillis()) != InvalidationJournal.Verdict.BELIEVED);
    }
}
