package io.levee.cache.internal.read;

import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.transport.Reply.Lease;

/** What the key's node had to say. */
sealed interface Answer<V> {
    /**
     * The node has a value.
     *
     * @param token names the item that was found
     */
    record Found<V>(LocalEntry<V> entry, long token, Lease lease, boolean markedStale) implements Answer<V> {}

    /**
     * The node has no value of ours.
     *
     * @param token of the lease, whoever holds it, or of what is there if that is not a value of ours; else 0
     */
    record NotFound<V>(long token, Lease lease) implements Answer<V> {}

    /** The node could not be asked, which is not a miss: it may well have the value. */
    record Unreachable<V>() implements Answer<V> {}
}
