package io.levee.cache.internal.transport;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.MemcachedConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection on a {@link MemcachedClient} of its own.
 *
 * <p>It ends once, by {@link #close} or by being lost, and never comes back. Who sends races with who ends it: the sender
 * puts the operation into the timeout queue and then looks whether the connection has ended; the ender marks the end and then
 * completes what it finds in the queue. So one of the two always completes the operation.
 */
final class SpyConnection implements NodeConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SpyConnection.class);

    /** What memcached stores beside key and data: its item header, the token, the flags and two line ends. */
    private static final int ITEM_OVERHEAD_BYTES = 63;

    static final int MAX_BULK_KEYS = 500;

    private static final int DEFAULT_ITEM_LIMIT_BYTES = 1 << 20;

    private final NodeAddress address;
    private final TimeoutQueue timeouts;
    private final int maxInFlight;
    private final Consumer<String> onLost;
    private final Consumer<SpyConnection> onEnd;
    private final Unavailable shed;

    private final MemcachedClient client;
    private final NodeIo io;
    private final ReplyLine line = new ReplyLine();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReference<Unavailable> end = new AtomicReference<>();

    private volatile Dialect dialect = new MetaDialect(this);
    private volatile long youngUntilNanos = System.nanoTime();
    private volatile int itemLimitBytes = DEFAULT_ITEM_LIMIT_BYTES;

    /** The last error line since the last good answer; I/O thread only. */
    private String errorLine;

    /**
     * @param channel connected; this connection's own from here on
     * @param onEnd called once when the connection has ended, however it did
     */
    SpyConnection(
            NodeAddress address,
            SocketChannel channel,
            String threadName,
            TimeoutQueue timeouts,
            int maxInFlight,
            Consumer<String> onLost,
            Consumer<SpyConnection> onEnd)
            throws IOException {
        this.address = address;
        this.timeouts = timeouts;
        this.maxInFlight = maxInFlight;
        this.onLost = onLost;
        this.onEnd = onEnd;
        shed = new Unavailable(Reason.SHED, maxInFlight + " operations in flight to " + address);
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        client = new MemcachedClient(new SpySettings(channel, threadName, maxInFlight, this::lost), List.of(remote));
        io = (NodeIo) client.getConnection();
    }

    /** Starts the I/O thread, which may end the connection from now on. */
    void begin() {
        io.begin();
    }

    @Override
    public void speakClassic() {
        dialect = new ClassicDialect(this);
    }

    @Override
    public CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds) {
        return dialect.get(key, leaseSeconds, recacheSeconds);
    }

    @Override
    public CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds) {
        if (keys.size() > MAX_BULK_KEYS) {
            throw new IllegalArgumentException(
                    "a bulk read must be of at most " + MAX_BULK_KEYS + " keys, but is of " + keys.size());
        }
        return keys.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : dialect.getAll(List.copyOf(keys), leaseSeconds, recacheSeconds);
    }

    @Override
    public CompletableFuture<Reply> claim(String key, int leaseSeconds) {
        return dialect.claim(key, leaseSeconds);
    }

    @Override
    public CompletableFuture<Reply> set(String key, byte[] data, int flags, Duration ttl) {
        long expiration = Expiration.seconds(ttl, System.currentTimeMillis());
        return isTooLarge(key, data) ? tooLarge(data) : dialect.set(key, data, flags, expiration);
    }

    @Override
    public CompletableFuture<Reply> fill(String key, byte[] data, int flags, Duration ttl, long token) {
        long expiration = Expiration.seconds(ttl, System.currentTimeMillis());
        return isTooLarge(key, data) ? tooLarge(data) : dialect.fill(key, data, flags, expiration, token);
    }

    @Override
    public CompletableFuture<Reply> add(String key, byte[] data, int flags, Duration ttl) {
        long expiration = Expiration.seconds(ttl, System.currentTimeMillis());
        return isTooLarge(key, data) ? tooLarge(data) : dialect.add(key, data, flags, expiration);
    }

    @Override
    public CompletableFuture<Reply> reserve(String key, Duration ttl) {
        return dialect.reserve(key, Expiration.seconds(ttl, System.currentTimeMillis()));
    }

    @Override
    public CompletableFuture<Reply> unreserve(String key, long token) {
        return dialect.release(key, token);
    }

    @Override
    public CompletableFuture<Reply> delete(String key) {
        long seconds = youngForSeconds();
        return seconds > 0 ? dialect.bury(key, seconds) : dialect.delete(key);
    }

    @Override
    public CompletableFuture<Reply> release(String key, long token) {
        long seconds = youngForSeconds();
        return seconds > 0 ? dialect.bury(key, seconds, token) : dialect.release(key, token);
    }

    @Override
    public CompletableFuture<Reply> reopen(String key, long token) {
        return dialect.reopen(key, token);
    }

    @Override
    public CompletableFuture<Reply> probe() {
        return dialect.probe();
    }

    @Override
    public CompletableFuture<Reply> version() {
        return send(() -> PlainRequest.version(this));
    }

    @Override
    public CompletableFuture<Reply> stats(String topic) {
        return send(() -> new StatsRequest(this, topic));
    }

    @Override
    public void itemLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("item limit must be 1 byte or more, but is " + bytes);
        }
        itemLimitBytes = bytes;
    }

    @Override
    public void youngFor(Duration time) {
        youngUntilNanos = System.nanoTime() + time.toNanos();
    }

    @Override
    public Duration youngFor() {
        return Duration.ofNanos(Math.max(0, youngUntilNanos - System.nanoTime()));
    }

    /** One more than are left: the server counts whole ones, and its clock may be late by one. 0 if it is not young. */
    private long youngForSeconds() {
        Duration left = youngFor();
        return left.isZero() ? 0 : Expiration.relative((int) left.toSeconds() + 2);
    }

    int itemLimit() {
        return itemLimitBytes;
    }

    private boolean isTooLarge(String key, byte[] data) {
        return data.length > itemLimitBytes - ITEM_OVERHEAD_BYTES - key.length();
    }

    private CompletableFuture<Reply> tooLarge(byte[] data) {
        return CompletableFuture.completedFuture(new Reply.TooLarge(data.length, itemLimitBytes));
    }

    private boolean admit(int slots) {
        if (inFlight.addAndGet(slots) <= maxInFlight) {
            return true;
        }
        left(slots);
        return false;
    }

    CompletableFuture<Reply> send(Supplier<SpyOperation> request) {
        return send(1, request);
    }

    CompletableFuture<Reply> send(int slots, Supplier<SpyOperation> request) {
        if (!admit(slots)) {
            return CompletableFuture.completedFuture(shed);
        }
        SpyOperation operation;
        try {
            operation = request.get();
        } catch (RuntimeException | Error e) {
            left(slots);
            throw e;
        }
        timeouts.add(operation);
        Unavailable ended = end.get();
        if (ended == null) {
            enqueue(operation);
        } else {
            operation.leave();
            operation.complete(ended);
        }
        return operation.future();
    }

    private void enqueue(SpyOperation operation) {
        // To enqueue never waits here, but spymemcached's locks refuse a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            io.enqueue(operation);
        } catch (RuntimeException e) {
            operation.leave();
            operation.complete(new Unavailable(Reason.DISCONNECTED, "not accepted: " + e.getMessage()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void left(int slots) {
        inFlight.addAndGet(-slots);
    }

    ReplyLine line() {
        return line;
    }

    /** Remembers an error line, which often says why the node then closes the connection; null for any other line. */
    void said(String errorLine) {
        this.errorLine = errorLine;
    }

    /** Ends an operation whose time is over; spymemcached drops it if it has not been sent yet. */
    static void expire(SpyOperation operation, Unavailable timeout) {
        // The future first: spymemcached's bookkeeping needs the operation's lock, which the I/O thread may hold.
        if (operation.complete(timeout)) {
            MemcachedConnection.opTimedOut(operation);
            operation.timeOut();
        }
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public boolean isAlive() {
        return end.get() == null && io.isConnected();
    }

    void lookAtIdleSocket() {
        io.lookAtIdleSocket();
    }

    private void lost(String why) {
        String reason = errorLine != null && Losses.isEndOfStream(why) ? Losses.said(errorLine) : why;
        if (markEnded(new Unavailable(Reason.DISCONNECTED, reason))) {
            LOG.debug("Connection to {} lost: {}", address, reason);
            try {
                // Before the futures complete, so that those who waited do not come back to this node.
                onLost.accept(reason);
            } catch (RuntimeException e) {
                LOG.error("The listener for the loss of {} failed", address, e);
            }
            tearDown();
        }
    }

    @Override
    public void close() {
        close(new Unavailable(Reason.DISCONNECTED, "the connection was closed"));
    }

    void close(Unavailable why) {
        if (markEnded(why)) {
            tearDown();
        }
    }

    private boolean markEnded(Unavailable why) {
        return end.compareAndSet(null, why);
    }

    private void tearDown() {
        // A sender counts itself in flight before it looks for the end, which is marked by now: it is seen here, or
        // sends
        // nothing.
        if (inFlight.get() > 0) {
            io.resetOnClose();
        }
        try {
            client.shutdown();
        } catch (RuntimeException e) {
            LOG.warn("Shutting down the connection to {} failed", address, e);
        }
        onEnd.accept(this);
        Unavailable why = end.get();
        timeouts.forEach(operation -> {
            if (operation.connection() == this) {
                operation.complete(why);
            }
        });
    }
}
