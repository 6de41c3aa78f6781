package io.levee.cache.internal.transport;

import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import net.spy.memcached.compat.log.Logger;
import net.spy.memcached.protocol.TCPMemcachedNodeImpl;

/**
 * Spymemcached's queues and buffers for one socket, as its ASCII node has them, but without the optimiser (which casts what
 * it meets to spymemcached's own get) and without several lines of log an operation where an application logs at debug level.
 */
final class QuietNode extends TCPMemcachedNodeImpl {
    QuietNode(SocketAddress address, SocketChannel channel, int bufferBytes, SpySettings settings) {
        super(
                address,
                channel,
                bufferBytes,
                settings.createReadOperationQueue(),
                settings.createWriteOperationQueue(),
                settings.createOperationQueue(),
                settings.getOpQueueMaxBlockTime(),
                false,
                settings.getOperationTimeout(),
                settings.getAuthWaitTime(),
                settings);
    }

    @Override
    protected void optimize() {
        // Never asked for.
    }

    @Override
    protected Logger getLogger() {
        return SpyLog.QUIET;
    }
}
