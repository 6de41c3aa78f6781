package io.levee.cache.internal.transport;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Connections carried by spymemcached, with commands of our own. */
public final class SpyTransport implements Transport {
    private static final String LOGGER_PROPERTY = "net.spy.log.LoggerImpl";
    private static final int DEFAULT_MAX_IN_FLIGHT = 4096;

    static {
        // Spymemcached reads this when its first class asks for a log, and writes to stderr without it.
        if (System.getProperty(LOGGER_PROPERTY) == null) {
            System.setProperty(LOGGER_PROPERTY, "net.spy.memcached.compat.log.SLF4JLogger");
        }
    }

    private final String clientName;
    private final long connectTimeoutMillis;
    private final int maxInFlight;
    private final TimeoutQueue timeouts;
    private final Set<SpyConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** With at most 4,096 operations in flight on each connection. */
    public SpyTransport(String clientName, Duration connectTimeout, Duration operationTimeout) {
        this(clientName, connectTimeout, operationTimeout, DEFAULT_MAX_IN_FLIGHT);
    }

    /**
     * @param clientName goes into the names of threads
     * @param operationTimeout the longest that one answer is waited for, the same for every operation
     * @param maxInFlight how many operations one connection carries at once; those past it are shed
     */
    public SpyTransport(String clientName, Duration connectTimeout, Duration operationTimeout, int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("operations in flight must be 1 or more, but are " + maxInFlight);
        }
        this.clientName = clientName;
        this.connectTimeoutMillis = positiveMillis("connectTimeout", connectTimeout);
        this.maxInFlight = maxInFlight;
        long timeoutMillis = positiveMillis("operationTimeout", operationTimeout);
        Unavailable timeout = new Unavailable(Reason.TIMEOUT, "no answer within " + timeoutMillis + " ms");
        timeouts = new TimeoutQueue(
                "levee-" + clientName + "-timeouts",
                operationTimeout.toNanos(),
                operation -> SpyConnection.expire(operation, timeout),
                () -> connections.forEach(SpyConnection::lookAtIdleSocket));
    }

    private static long positiveMillis(String setting, Duration duration) {
        if (duration.toMillis() < 1 || duration.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    setting + " must be 1 ms to " + Integer.MAX_VALUE + " ms, but is " + duration);
        }
        return duration.toMillis();
    }

    @Override
    public NodeConnection open(NodeAddress address, Consumer<String> onLost) throws IOException {
        SocketChannel channel = connect(address);
        SpyConnection connection;
        try {
            connection = new SpyConnection(
                    address,
                    channel,
                    "levee-" + clientName + "-io-" + address,
                    timeouts,
                    maxInFlight,
                    onLost,
                    connections::remove);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        connections.add(connection);
        connection.begin();
        // close() sets the flag and then closes what it finds; this looks the other way round.
        if (closed) {
            connection.close();
            throw new IOException("the client was closed");
        }
        return connection;
    }

    /** Tries each of the name's addresses, as a host may be reachable by one of its address families only. */
    private SocketChannel connect(NodeAddress address) throws IOException {
        if (closed) {
            throw new IOException("the client was closed");
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(connectTimeoutMillis);
        IOException failure = null;
        for (InetAddress resolved : resolve(address)) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (failure == null || leftMillis > 0) {
                try {
                    return connect(new InetSocketAddress(resolved, address.port()), (int) Math.max(1, leftMillis));
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        throw new IOException(Losses.describeConnect(failure, connectTimeoutMillis), failure);
    }

    private static InetAddress[] resolve(NodeAddress address) throws IOException {
        try {
            return InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw new IOException("unknown host " + address.host(), e);
        }
    }

    private static SocketChannel connect(InetSocketAddress address, int timeoutMillis) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(address, timeoutMillis);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closed = true;
        Unavailable why = new Unavailable(Reason.CLOSED, "the client was closed");
        connections.forEach(connection -> connection.close(why));
        timeouts.close();
    }
}
