package io.levee.cache.internal.write;

import io.levee.cache.codec.CodecException;
import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.Envelope.Sealed;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Writes values to the key's node and to the local tier. Best effort: what fails is reported, and the value is served all the
 * same.
 *
 * <p>A <em>fill</em> follows a load and is careful: to the node only with the token that the load began with, to the local tier
 * only with the stamp. A <em>put</em> is the caller's truth and overwrites.
 */
public final class WriteBack<V> {
    private final Envelope<V> envelope;
    private final Shelf<V> shelf;
    private final CacheEvents events;
    private final InvalidationJournal journal;
    private final RecentWrites recent;
    private final boolean keepsAbsences;
    private final long gutterMillis;
    private final Executor reporting;
    private final TimeSource time;

    /**
     * Writes for one cache.
     *
     * @param gutter how long a value lives on a node that stands in for another
     * @param reporting runs what a node's refusal sets off, so that no listener is called on its I/O thread
     */
    public WriteBack(
            Envelope<V> envelope,
            Shelf<V> shelf,
            CacheEvents events,
            InvalidationJournal journal,
            RecentWrites recent,
            boolean keepsAbsences,
            Duration gutter,
            Executor reporting,
            TimeSource time) {
        this.envelope = envelope;
        this.shelf = shelf;
        this.events = events;
        this.journal = journal;
        this.recent = recent;
        this.keepsAbsences = keepsAbsences;
        this.gutterMillis = gutter.toMillis();
        this.reporting = reporting;
        this.time = time;
    }

    /**
     * Where a value goes, and what must not have changed there since its load began.
     *
     * @param standsIn whether the node stands in for the key's own, which is dead
     * @param alsoAt another node that may have the key: its own while another stands in, and for a while the one that stood in; or null
     * @param generation the cache's, from before the load began
     * @param connectionNumber the node's, from before it was asked for the hold's token
     */
    public record Target(
            Object key,
            Object localKey,
            String nodeKey,
            Node node,
            boolean standsIn,
            Node alsoAt,
            long connectionNumber,
            long generation,
            long stamp,
            Hold hold) {}

    /**
     * What a load holds on its node.
     *
     * @param token names the item, or the lease, that was there; 0 for none
     * @param laterMillis when a later release wrote the item, if it did; with the token that names it
     */
    public record Hold(long token, Kind kind, long laterMillis) {
        /** What is there, and what becomes of it if nothing is stored. */
        public enum Kind {
            /** An item that may be served meanwhile, or another's lease: it stays as it is. */
            ITEM,
            /** A placeholder that holds the lease, which is ours: it is removed. */
            LEASE,
            /** An item that is no good any more, whose lease is ours: the lease is opened to others. */
            CLAIM,
            /** An item of a later release, which is not ours to touch: nothing is written to the node. */
            LATER
        }

        /** The node could not be asked: nothing is written to it. */
        public static final Hold NONE = item(0);

        /** The key's lease is ours. */
        public static Hold lease(long token) {
            return new Hold(token, Kind.LEASE, LocalEntry.NOT_BESIDE);
        }

        /** The lease to replace what is no good any more is ours. */
        public static Hold claim(long token) {
            return new Hold(token, Kind.CLAIM, LocalEntry.NOT_BESIDE);
        }

        /** An item is there, to be replaced by a newer one. */
        public static Hold item(long token) {
            return new Hold(token, Kind.ITEM, LocalEntry.NOT_BESIDE);
        }

        /** An item of a later release is there, written at that time. */
        public static Hold later(long token, long writtenAtMillis) {
            return new Hold(token, Kind.LATER, writtenAtMillis);
        }

        /** Whether there is something that a load may replace. */
        boolean isReplaceable() {
            return token != 0 && kind != Kind.LATER;
        }

        /** Whether a lease must be given up if nothing is stored. */
        public boolean isOurs() {
            return kind == Kind.LEASE || kind == Kind.CLAIM;
        }
    }

    /** Stores what was loaded, in the background, and returns it as an entry. Never blocks, never throws. */
    public LocalEntry<V> fill(Target target, V value, long tookNanos) {
        Sealed<V> sealed;
        try {
            sealed = seal(target, value, tookNanos);
        } catch (RuntimeException | StackOverflowError e) {
            // Whatever a codec throws, the value was loaded: those who wait for it get it.
            events.writeFailed(target.key(), "the value could not be encoded: " + e);
            letGo(target);
            return envelope.unsealed(value);
        }
        if (value == null && !keepsAbsences) {
            // The database says that there is nothing: what the tiers hold is out of date.
            shelf.remove(target.localKey());
            release(target);
            return sealed.entry();
        }
        sealed.entry()
                .heldFrom(time.nanos(), target.hold().token(), target.hold().laterMillis());
        store(target, sealed);
        if (target.hold().kind() == Hold.Kind.LATER) {
            // Nothing is sent that the node could refuse, so whether the key was invalidated meanwhile only a look at
            // it tells.
            sealed.entry().notNear();
        }
        shelf.fill(target.localKey(), sealed.entry(), target.stamp());
        return sealed.entry();
    }

    /** The key was put or invalidated while it was being loaded: the value is for those who wait for it alone. */
    public LocalEntry<V> pass(Target target, V value) {
        letGo(target);
        return envelope.unsealed(value);
    }

    /** Nothing will be stored: gives up the lease, so that others need not wait for it to run out. */
    public void letGo(Target target) {
        switch (target.hold().kind()) {
            case LEASE -> release(target);
            case CLAIM -> {
                Future<?> unused =
                        target.node().reopen(target.nodeKey(), target.hold().token(), target.connectionNumber());
            }
            case ITEM, LATER -> {}
        }
    }

    /**
     * Stores the caller's value; completes when the node has answered or given up.
     *
     * @param where runs what follows the node's answer
     * @throws CodecException if it cannot be encoded; then nothing was stored
     */
    public CompletableFuture<Void> put(Target target, V value, Executor where) {
        Sealed<V> sealed = seal(target, value, 0);
        long stamp = shelf.put(target.localKey(), sealed.entry());
        recent.add(target.nodeKey());
        CompletableFuture<Void> elsewhere = removeFrom(target.alsoAt(), target);
        return target.node()
                .set(target.nodeKey(), sealed.data(), EntryFormat.CLIENT_FLAGS, ttl(target, sealed))
                // Before the caller goes on, or another process would still read there what the caller has replaced.
                .thenCompose(reply -> stored(target, reply))
                .thenCombine(elsewhere, (reply, removed) -> reply)
                .thenAcceptAsync(
                        reply -> {
                            // Once more: a reader that asked the node before may have shelved the old value since.
                            shelf.putAgain(target.localKey(), sealed.entry(), stamp);
                            heard(target, sealed, reply);
                        },
                        where);
    }

    /** Sees to it that the node does not go on serving what the caller has replaced. */
    private CompletableFuture<Reply> stored(Target target, Reply reply) {
        if (reply instanceof Reply.Stored) {
            journal.overwritten(target.node(), target.nodeKey());
        } else if (reply instanceof Reply.TooLarge) {
            return removeFrom(target.node(), target).thenApply(removed -> reply);
        } else {
            journal.missed(target.node(), target.nodeKey());
        }
        return CompletableFuture.completedFuture(reply);
    }

    /**
     * Removes the key from both tiers; completes when the node has answered or given up.
     *
     * @param where runs what follows the node's answer
     */
    public CompletableFuture<Void> remove(Target target, Executor where) {
        shelf.remove(target.localKey());
        recent.add(target.nodeKey());
        return CompletableFuture.allOf(removeFrom(target.node(), target), removeFrom(target.alsoAt(), target))
                // Once more: a reader that asked the node before may have shelved the old value since.
                .thenRunAsync(() -> shelf.remove(target.localKey()), where);
    }

    /** What the node does not acknowledge goes into the journal, before the caller goes on. */
    CompletableFuture<Void> removeFrom(Node node, Target target) {
        if (node == null) {
            return CompletableFuture.completedFuture(null);
        }
        return node.delete(target.nodeKey()).thenAccept(reply -> {
            if (reply instanceof Reply.Unavailable unavailable) {
                journal.missed(node, target.nodeKey());
                reporting.execute(() -> events.writeFailed(
                        target.key(),
                        "could not be removed from node " + node + ", which is not believed about it until it can be: "
                                + unavailable.detail()));
            }
        });
    }

    Sealed<V> seal(Target target, V value, long tookNanos) {
        return envelope.seal(value, tookNanos, target.generation(), target.standsIn() ? gutterMillis : Long.MAX_VALUE);
    }

    /**
     * What replaces a tombstone must not be gone before the tombstone would have been: an older value could be sent in between. An
     * item says itself until when it is good, so to be there for longer does no harm.
     */
    Duration ttl(Target target, Sealed<V> sealed) {
        Duration young = target.standsIn() ? Duration.ZERO : target.node().youngFor();
        return envelope.outliving(young, sealed.ttl());
    }

    private void store(Target target, Sealed<V> sealed) {
        if (!target.hold().isReplaceable()) {
            return;
        }
        // It may stand in line while readers pass it by.
        sealed.entry().onItsWay();
        Future<?> unused = target.node()
                .fill(
                        target.nodeKey(),
                        sealed.data(),
                        EntryFormat.CLIENT_FLAGS,
                        ttl(target, sealed),
                        target.hold().token(),
                        target.connectionNumber())
                .whenComplete((reply, bug) -> sealed.entry().arrived(time.nanos()))
                .thenAccept(reply -> {
                    if (reply instanceof Reply.TooLarge) {
                        // What is there is older than the value that the node could not take, or a lease that will not
                        // be filled.
                        release(target);
                    }
                    heard(target, sealed, reply);
                });
    }

    private void release(Target target) {
        if (target.hold().isReplaceable()) {
            Future<?> unused =
                    target.node().release(target.nodeKey(), target.hold().token(), target.connectionNumber());
        }
    }

    void heard(Target target, Sealed<V> sealed, Reply reply) {
        if (reply instanceof Reply.Stored) {
            events.written();
            sealed.entry().confirmed(time.nanos());
        } else if (reply instanceof Reply.TooLarge large) {
            sealed.entry().onlyHere();
            reporting.execute(() -> events.valueTooLarge(target.key(), large.bytes(), large.limitBytes()));
        } else if (reply instanceof Reply.Unavailable unavailable) {
            reporting.execute(
                    () -> events.writeFailed(target.key(), "was not written to its node: " + unavailable.detail()));
        } else {
            // Not stored: an invalidation or a newer value won, as it should. This process has no more right to the
            // older one.
            sealed.entry().notNear();
            sealed.entry().unconfirmed();
        }
    }
}
