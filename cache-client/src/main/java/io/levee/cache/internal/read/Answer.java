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
     * @param token of the placeholder that holds the lease, whoever has it, or of the item that is there and no good; else 0
     * @param placeholder which of the two
     */
    record NotFound<V>(long token, Lease lease, boolean placeholder) implements Answer<V> {}

    /**
     * The node has a value that a later release of the application wrote: it is not understood here, and not to be overwritten.
     *
     * @param token of that item
     * @param writtenAtMillis when it was written, by the clock of who wrote it: with the token it names the version
     */
    record Later<V>(long token, long writtenAtMillis) implements Answer<V> {}

    /** The node could not be asked, which is not a miss: it may well have the value. */
    record Unreachable<V>() implements Answer<V> {}
}
