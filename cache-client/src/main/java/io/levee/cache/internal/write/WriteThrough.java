package io.levee.cache.internal.write;

import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.local.Envelope.Sealed;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.WriteBack.Hold;
import io.levee.cache.internal.write.WriteBack.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Stores what the database has taken. Two that write one key at once reach memcached in any order, whatever the database's order was;
 * so a value is stored only where nothing has happened to the key since before its writer began, and otherwise the key is removed.
 *
 * <p>To the node that is told by the token of what was there ({@link #reserve}), on this process by the shelf's stamp.
 *
 * <p><b>Who races whom.</b> All that makes a value old changes the token or ends it: the set of another that writes the key, an
 * invalidation, the fill of a load. Two that took the same token: one stores, the other's is refused, and the key is removed. Who takes
 * the token after a value was stored begins to write after it. So what is stored is never older than what it replaces.
 *
 * <ul>
 *   <li>A load that began before the commit has the same token, or an older one. If it fills first, the key is removed here; if it comes
 *       second, it is refused.
 *   <li>A load that begins between the commit and the store brings the new value, or a newer one. If it fills first, the key is removed
 *       for nothing, which costs a load.
 *   <li>An absent key has no version: it may be written and removed again unseen, so that an {@code add} would bring an older value
 *       back. So a tombstone is left there, whose token is gone then. Nobody waits for it: readers claim its lease and load.
 *   <li>A connection that was lost, or another node in the key's place: the token is not good there, and the key is removed.
 *   <li>A clearing since: the value carries the generation from before, or is not stored at all.
 *   <li>An invalidation that the node did not hear of, before the writer ran or since: the key stays barred, whatever is stored, until the
 *       node has removed it.
 * </ul>
 */
public final class WriteThrough<V> {
    /** For how long a tombstone is left. A writer that takes longer has its value removed in place of stored. */
    static final Duration RESERVED_FOR = Duration.ofMinutes(1);

    private final WriteBack<V> writeBack;
    private final Shelf<V> shelf;
    private final InvalidationJournal journal;
    private final RecentWrites recent;
    private final CacheEvents events;
    private final TimeSource time;

    public WriteThrough(
            WriteBack<V> writeBack,
            Shelf<V> shelf,
            InvalidationJournal journal,
            RecentWrites recent,
            CacheEvents events,
            TimeSource time) {
        this.writeBack = writeBack;
        this.shelf = shelf;
        this.journal = journal;
        this.recent = recent;
        this.events = events;
        this.time = time;
    }

    /**
     * To be called before the database is written: completes with what the value may replace then, or with {@link Hold#NONE} if the node
     * cannot be asked. Whoever does not come to {@link #put} lets go of it.
     */
    public CompletableFuture<Hold> reserve(Target target) {
        return target.node()
                .reserve(target.nodeKey(), RESERVED_FOR, target.connectionNumber())
                .thenApply(WriteThrough::holdOf);
    }

    private static Hold holdOf(Reply reply) {
        if (reply instanceof Reply.Reserved reserved) {
            return reserved.ours() ? Hold.lease(reserved.token()) : Hold.item(reserved.token());
        }
        return Hold.NONE;
    }

    /** The value will not be stored by it: leaves nothing behind. Does not block. */
    public void letGo(Target reserved) {
        Hold hold = reserved.hold();
        if (hold.isOurs()) {
            Future<?> unused = reserved.node().unreserve(reserved.nodeKey(), hold.token(), reserved.connectionNumber());
        }
    }

    /**
     * Stores the value, which the database has, or removes the key; completes when the node has answered or given up. Never throws.
     *
     * @param reserved from before the database was written
     * @param now where the key is as of now
     * @param where runs what follows the node's answer
     */
    public CompletableFuture<Void> put(Target reserved, Target now, V value, Executor where) {
        boolean sameNode = reserved.node() == now.node() && reserved.standsIn() == now.standsIn();
        if (!sameNode) {
            letGo(reserved);
        }
        Sealed<V> sealed;
        try {
            sealed = writeBack.seal(now, value, 0);
        } catch (RuntimeException | StackOverflowError e) {
            // Whatever a codec throws: the database has the value, and what the cache has is out of date.
            events.writeFailed(now.key(), "the value could not be encoded, and the key is removed: " + e);
            return writeBack.remove(now, where);
        }
        recent.add(now.nodeKey());
        CompletableFuture<Void> elsewhere = writeBack.removeFrom(now.alsoAt(), now);
        boolean cleared = reserved.generation() != now.generation();
        CompletableFuture<Reply> stored =
                sameNode && !cleared && reserved.hold().token() != 0 ? store(reserved, now, sealed) : removed(now);
        return stored.thenCombine(elsewhere, (reply, removed) -> reply)
                .thenAcceptAsync(reply -> hold(reserved, now, sealed, reply), where);
    }

    private CompletableFuture<Reply> store(Target reserved, Target now, Sealed<V> sealed) {
        return now.node()
                .fillAtOnce(
                        now.nodeKey(),
                        sealed.data(),
                        EntryFormat.CLIENT_FLAGS,
                        writeBack.ttl(now, sealed),
                        reserved.hold().token(),
                        reserved.connectionNumber())
                .thenCompose(reply -> {
                    if (reply instanceof Reply.Unavailable) {
                        journal.missed(now.node(), now.nodeKey());
                    } else if (!(reply instanceof Reply.Stored)) {
                        return writeBack.removeFrom(now.node(), now).thenApply(done -> reply);
                    }
                    return CompletableFuture.completedFuture(reply);
                });
    }

    /** There is no token: nobody can tell what has happened to the key since. */
    private CompletableFuture<Reply> removed(Target now) {
        return now.node().delete(now.nodeKey()).thenApply(reply -> {
            if (reply instanceof Reply.Unavailable) {
                journal.missed(now.node(), now.nodeKey());
                return reply;
            }
            return new Reply.NotStored();
        });
    }

    /** Only now: whoever asked the node before, and shelves what it had, comes too late or is replaced. */
    private void hold(Target reserved, Target now, Sealed<V> sealed, Reply reply) {
        if (reply instanceof Reply.NotStored) {
            // Somebody else's value may be newer.
            shelf.remove(now.localKey());
        } else {
            // If the node is out of reach, this process reads its own write here.
            sealed.entry().heldFrom(time.nanos(), reserved.hold().token(), LocalEntry.NOT_BESIDE);
            shelf.putAgain(now.localKey(), sealed.entry(), reserved.stamp());
        }
        writeBack.heard(now, sealed, reply);
    }
}
