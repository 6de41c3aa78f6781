package io.levee.cache.internal.transport;

import io.levee.cache.discovery.NodeAddress;
import java.io.IOException;
import java.util.function.Consumer;

/** Opens connections to nodes. The only room that knows which library carries the bytes. */
public interface Transport extends AutoCloseable {
    /**
     * Opens one multiplexed connection. Resolves the address anew and blocks until the connection stands or {@code
     * connectTimeout} is over.
     *
     * @param onLost called at most once, on any thread, when an open connection ends other than by {@link
     *     NodeConnection#close}; the argument says why in a few words. Must not block. It may come
     *     before this method has returned.
     * @throws IOException if it could not be opened; the message says why in a few words ("connection refused")
     */
    NodeConnection open(NodeAddress address, Consumer<String> onLost) throws IOException;

    /** Ends the transport's own threads. Connections are closed by those who opened them, before. */
    @Override
    void close();
}
