package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.NodeConnection;
import java.io.IOException;

/**
 * What must happen on a fresh connection before the node serves again: invalidations that it missed are made up for.
 *
 * <p>Called on the node's supervisor thread after the probe was answered, while {@link Node#isServing} is false, and again for
 * each connection. It may wait for the connection's own answers, whose time is limited, and is interrupted when the client
 * closes. An invalidation that finds the node not serving after this has returned and before the node serves is not seen
 * here: it is for {@code CacheListener.nodeUp}, which comes right after.
 */
@FunctionalInterface
public interface Rejoin {
    /** Nothing to make up for. */
    Rejoin NOTHING = (node, connection) -> {};

    /**
     * Makes up for what the node missed.
     *
     * @throws IOException if it could not be done: the attempt has failed, and the node stays out of use
     */
    void beforeServing(NodeAddress node, NodeConnection connection) throws IOException, InterruptedException;
}
