package io.levee.cache.internal.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import net.spy.memcached.DefaultConnectionFactory;
import net.spy.memcached.FailureMode;
import net.spy.memcached.MemcachedConnection;
import net.spy.memcached.metrics.MetricType;
import net.spy.memcached.ops.Operation;

/** How spymemcached is set up to carry one connection that stands already. ASCII is its default protocol. */
final class SpySettings extends DefaultConnectionFactory {
    private static final long ENQUEUE_WAIT_MILLIS = 5;

    private final SocketChannel channel;
    private final String threadName;
    private final int maxInFlight;
    private final Consumer<String> ended;

    SpySettings(SocketChannel channel, String threadName, int maxInFlight, Consumer<String> ended) {
        this.channel = channel;
        this.threadName = threadName;
        this.maxInFlight = maxInFlight;
        this.ended = ended;
    }

    @Override
    public MemcachedConnection createConnection(List<InetSocketAddress> addresses) throws IOException {
        return new NodeIo(this, channel, threadName, ended);
    }

    /** Never full, since whatever is in flight fits: to enqueue is never to wait. */
    @Override
    public BlockingQueue<Operation> createOperationQueue() {
        return new ArrayBlockingQueue<>(maxInFlight);
    }

    @Override
    public long getOpQueueMaxBlockTime() {
        return ENQUEUE_WAIT_MILLIS;
    }

    @Override
    public FailureMode getFailureMode() {
        return FailureMode.Cancel;
    }

    @Override
    public boolean isDaemon() {
        return true;
    }

    // Reconnecting and giving up on time-outs are the supervisor's business. NodeIo never reconnects; these say the
    // same.

    @Override
    public long getMaxReconnectDelay() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int getTimeoutExceptionThreshold() {
        return Integer.MAX_VALUE;
    }

    @Override
    public MetricType enableMetrics() {
        return MetricType.OFF;
    }
}
