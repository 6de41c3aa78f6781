package io.levee.cache.monitor;

import io.levee.cache.discovery.NodeAddress;
import java.time.Duration;

/**
 * A {@link CacheListener} that also hears of every single operation on a node. A contract of its own, because operations are timed
 * only while there is such a listener: without one they cost no look at the clock.
 */
public interface OperationListener extends CacheListener {
    /**
     * An operation ended: one request of a read, a write or an invalidation, or all keys of a {@code getAll} that the node holds.
     * Probes are not told, and nothing is while the node is out of use, as no operation is sent then.
     *
     * <p>Called on the connection's I/O thread, or on the one that ends what takes too long: do not block, or the whole node waits.
     *
     * @param took from when it was given to the connection
     */
    void operationEnded(NodeAddress node, OperationOutcome outcome, Duration took);
}
