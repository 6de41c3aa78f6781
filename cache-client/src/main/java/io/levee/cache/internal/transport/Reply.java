package io.levee.cache.internal.transport;

import java.util.Map;

/** What came of one operation on one node. */
public sealed interface Reply {
    /**
     * The item is there.
     *
     * @param data the bytes, handed over; empty for an item that only holds a lease, which is a {@link Miss} and not this
     * @param flags the client flags it was stored with
     * @param token names this version of the item to {@code fill} and {@code release}
     * @param lease whether this reader is to refresh the item
     * @param stale whether the item was marked stale on the server
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Hit(byte[] data, int flags, long token, Lease lease, boolean stale) implements Reply {}

    /**
     * The item is not there, or is an empty one that holds the lease, or a tombstone that an invalidation left.
     *
     * @param token of that empty item, for {@code fill} and {@code release}; 0 if there is none. A tombstone has one also where no
     *     lease comes with it: the lease is there to be claimed
     */
    record Miss(Lease lease, long token) implements Reply {}

    record Stored() implements Reply {}

    /** Another version is there, or none: the token's item was overwritten or removed meanwhile. To {@code add}: any is there. */
    record NotStored() implements Reply {}

    /** The value is over the item limit and was not sent, or the server refused it for its size. */
    record TooLarge(int bytes, int limitBytes) implements Reply {}

    record Deleted() implements Reply {}

    /**
     * What a {@code reserve} found, or left.
     *
     * @param token of what is there now, for {@code fill} and {@code release}; 0 if it cannot be had
     * @param ours whether it is the tombstone that the reservation left
     */
    record Reserved(long token, boolean ours) implements Reply {}

    /** The item is there and marked stale: the next reader gets its lease. */
    record Reopened() implements Reply {}

    record Alive() implements Reply {}

    record Text(String text) implements Reply {}

    record Statistics(Map<String, String> values) implements Reply {}

    /** The node did not answer, or not in memcached's words. Never to be taken for a miss. */
    record Unavailable(Reason reason, String detail) implements Reply {}

    /** The key's lease, as this reader got it. */
    enum Lease {
        /** None was asked for, or the item needs no refreshing. */
        NONE,
        /** This reader holds it, and is to load. */
        WON,
        /** Another reader holds it. */
        LOST
    }

    enum Reason {
        /** No answer within the operation timeout. Counts against the node. */
        TIMEOUT,
        /** The connection ended, or the node is known to be dead. */
        DISCONNECTED,
        /** The answer was an error or not memcached's. Counts against the node. */
        REFUSED,
        /** Too many operations were in flight; this one was not sent. Does not count against the node. */
        SHED,
        /** The client was closed. */
        CLOSED
    }
}
