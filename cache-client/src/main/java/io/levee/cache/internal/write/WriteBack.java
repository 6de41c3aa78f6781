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
    private final boolean keepsAbsences;
    private final Executor reporting;
    private final TimeSource time;

    /**
     * Writes for one cache.
     *
     * @param reporting runs what a node's refusal sets off, so that no listener is called on its I/O thread
     */
    public WriteBack(
            Envelope<V> envelope,
            Shelf<V> shelf,
            CacheEvents events,
            boolean keepsAbsences,
            Executor reporting,
            TimeSource time) {
        this.envelope = envelope;
        this.shelf = shelf;
        this.events = events;
        this.keepsAbsences = keepsAbsences;
        this.reporting = reporting;
        this.time = time;
    }

    /** Where a value goes, and what must not have changed there since its load began. */
    public record Target(Object key, Object localKey, String nodeKey, Node node, long stamp, Hold hold) {}

    /**
     * What a load holds on its node.
     *
     * @param token names the item, or the lease, that was there; 0 for none
     * @param lease whether the item is a lease that must be given up if nothing is stored
     * @param writable whether to write without a token: no lease was asked for, and nothing was there
     */
    public record Hold(long token, boolean lease, boolean writable) {
        /** The node could not be asked: nothing is written to it. */
        public static final Hold NONE = new Hold(0, false, false);
        /** Leases are off and nothing was there. */
        public static final Hold FREE = new Hold(0, false, true);

        /** The key's lease is ours. */
        public static Hold lease(long token) {
            return new Hold(token, true, false);
        }

        /** An item is there, to be replaced by a newer one. */
        public static Hold item(long token) {
            return new Hold(token, false, false);
        }
    }

    /** Stores what was loaded, in the background, and returns it as an entry. Never blocks, never throws. */
    public LocalEntry<V> fill(Target target, V value, long tookNanos) {
        Sealed<V> sealed;
        try {
            sealed = envelope.seal(value, tookNanos, 0);
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
        store(target, sealed);
        // In this order: a call that begins later asks the node later too, and one that began before finds the entry
        // here.
        sealed.entry().heldFrom(time.nanos());
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
        if (target.hold().lease()) {
            release(target);
        }
    }

    /**
     * Stores the caller's value; completes when the node has answered or given up.
     *
     * @param where runs what follows the node's answer
     * @throws CodecException if it cannot be encoded; then nothing was stored
     */
    public CompletableFuture<Void> put(Target target, V value, Executor where) {
        Sealed<V> sealed = envelope.seal(value, 0, 0);
        long stamp = shelf.put(target.localKey(), sealed.entry());
        return target.node()
                .set(target.nodeKey(), sealed.data(), EntryFormat.CLIENT_FLAGS, sealed.ttl())
                // Before the caller goes on, or another process would still read there what the caller has replaced.
                .thenCompose(reply -> reply instanceof Reply.TooLarge
                        ? target.node().delete(target.nodeKey()).thenApply(deleted -> reply)
                        : CompletableFuture.completedFuture(reply))
                .thenAcceptAsync(
                        reply -> {
                            // Once more: a reader that asked the node before may have shelved the old value since.
                            shelf.putAgain(target.localKey(), sealed.entry(), stamp);
                            heard(target, sealed, reply);
                        },
                        where);
    }

    /**
     * Removes the key from both tiers; completes when the node has answered or given up.
     *
     * @param where runs what follows the node's answer
     */
    public CompletableFuture<Void> remove(Target target, Executor where) {
        shelf.remove(target.localKey());
        return target.node()
                .delete(target.nodeKey())
                .thenAcceptAsync(
                        reply -> {
                            shelf.remove(target.localKey());
                            if (reply instanceof Reply.Unavailable unavailable) {
                                events.writeFailed(
                                        target.key(),
                                        "could not be removed from its node, which may serve the old value when it is back: "
                                                + unavailable.detail());
                            }
                        },
                        where);
    }

    private void store(Target target, Sealed<V> sealed) {
        Hold hold = target.hold();
        Node node = target.node();
        String key = target.nodeKey();
        int flags = EntryFormat.CLIENT_FLAGS;
        if (hold.token() != 0) {
            whenAnswered(node.fill(key, sealed.data(), flags, sealed.ttl(), hold.token()), target, sealed);
        } else if (hold.writable()) {
            whenAnswered(node.set(key, sealed.data(), flags, sealed.ttl()), target, sealed);
        }
    }

    private void whenAnswered(CompletableFuture<Reply> answer, Target target, Sealed<V> sealed) {
        Future<?> unused = answer.thenAccept(reply -> {
            if (reply instanceof Reply.TooLarge) {
                // What is there is older than the value that the node could not take, or a lease that will not be
                // filled.
                release(target);
            }
            heard(target, sealed, reply);
        });
    }

    private void release(Target target) {
        if (target.hold().token() != 0) {
            Future<?> unused =
                    target.node().release(target.nodeKey(), target.hold().token());
        }
    }

    private void heard(Target target, Sealed<V> sealed, Reply reply) {
        if (reply instanceof Reply.Stored) {
            events.written();
        } else if (reply instanceof Reply.TooLarge large) {
            sealed.entry().onlyHere();
            reporting.execute(() -> events.valueTooLarge(target.key(), large.bytes(), large.limitBytes()));
        } else if (reply instanceof Reply.Unavailable unavailable) {
            reporting.execute(
                    () -> events.writeFailed(target.key(), "was not written to its node: " + unavailable.detail()));
        }
        // Not stored: an invalidation or a newer value won, as it should.
    }
}
