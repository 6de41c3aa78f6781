package io.levee.cache.discovery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Says which nodes there are. Asked once when the client is built and then every {@link #refreshInterval}, on a daemon thread
 * of the client; it may block.
 *
 * <p>An empty answer or an exception leaves the nodes as they are: a discovery that fails must not empty the ring.
 */
public interface NodeDiscovery {
    /**
     * Returns the nodes as they are now.
     *
     * @throws Exception if that cannot be told now
     */
    Collection<NodeAddress> nodes() throws Exception;

    /** How often to ask again; zero for nodes that never change. */
    default Duration refreshInterval() {
        return Duration.ZERO;
    }

    /** Always these nodes. */
    static NodeDiscovery fixed(Collection<NodeAddress> nodes) {
        List<NodeAddress> fixed = List.copyOf(nodes);
        return new NodeDiscovery() {
            @Override
            public Collection<NodeAddress> nodes() {
                return fixed;
            }

            @Override
            public String toString() {
                return fixed.toString();
            }
        };
    }
}
