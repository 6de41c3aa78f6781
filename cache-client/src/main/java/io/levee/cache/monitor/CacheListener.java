package io.levee.cache.monitor;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.discovery.NodeAddress;
import java.time.Duration;
import java.util.List;

/**
 * Hears what happens in a client, as it happens. Every method does nothing unless overridden.
 *
 * <p><b>The timeline of a node:</b> {@link #nodeUp} when its first probe is answered; {@link #nodeDown} once when it is taken
 * for dead, or when it cannot be reached at first; {@link #nodeUp} once when it is back in use. The two alternate.
 * {@link #nodeRefilled} may follow a {@code nodeUp} of a node that was restarted, up to two minutes later.
 *
 * <p><b>The timeline of a load:</b> one of {@link #loaded}, {@link #loadFailed}, {@link #loadRejected}.
 *
 * <p>Called on the thread where it happened, which may be a caller's: be fast, do not block, do not call the client. What a
 * method throws is caught, and logged once per listener. Keys are the cache's own, as {@code toString} has them.
 */
public interface CacheListener {
    /** Does nothing. */
    CacheListener NONE = new CacheListener() {};

    /**
     * The node is in use.
     *
     * @param downFor how long it was not; zero if it came up at the first attempt
     */
    default void nodeUp(NodeAddress node, Duration downFor) {}

    /**
     * Which nodes there are from now on: at first, and when the discovery says others. {@link #nodeUp} and {@link #nodeDown} of
     * newcomers follow.
     */
    default void nodesChanged(List<NodeAddress> nodes) {}

    /** The node is not in use any more, or could not be reached at start. */
    default void nodeDown(NodeAddress node, String reason) {}

    /**
     * The node's breaker opened: too many operations failed while it was connected. {@link #nodeDown} follows. Not told if the
     * connection was lost.
     */
    default void breakerOpened(NodeAddress node, String reason) {}

    /**
     * The node had come back empty, and this process has sent it the values that it held.
     *
     * @param stored how many the node took
     * @param present how many it did not, having something already: a newer value, a lease or a note of an invalidation
     */
    default void nodeRefilled(NodeAddress node, int stored, int present) {}

    /** An attempt to bring a dead node back failed. */
    default void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {}

    /**
     * The periodic write-through has not brought all keys up to date in the past period. Once a period while that is so; the advisory
     * {@link Advisory.Code#ROUNDS_MISSED} stands meanwhile.
     *
     * @param late how many keys; zero if it is not known which keys there are
     * @param of how many there are
     */
    default void roundMissed(String cache, int late, int of, String reason) {}

    default void advisoryRaised(Advisory advisory) {}

    default void advisoryCleared(Advisory advisory) {}

    /** A cache was built. */
    default void cacheBuilt(ReadThroughCache<?, ?> cache) {}

    /** A loader returned, after {@code took}. */
    default void loaded(String cache, String key, Duration took) {}

    /** A loader threw, after {@code took}. */
    default void loadFailed(String cache, String key, Throwable cause, Duration took) {}

    /** A load did not start: {@code running} loads had reached the bound. */
    default void loadRejected(String cache, String key, int running) {}

    /** Bytes under a key were not a value of this cache, and were taken for a miss. */
    default void undecodable(String cache, String key, String reason) {}

    /** A value was not written to its node because it is over the server's item limit. It was served, and is kept locally. */
    default void valueTooLarge(String cache, String key, int bytes, int limitBytes) {}

    /** A value was not written to, or not removed from, its node; {@code reason} says which and why. */
    default void writeFailed(String cache, String key, String reason) {}
}
