package io.levee.cache.internal.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import net.spy.memcached.MemcachedConnection;
import net.spy.memcached.MemcachedNode;
import net.spy.memcached.compat.log.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spymemcached's I/O thread, for one socket that is connected already. When that socket is lost the thread ends and says
 * why; it never reconnects.
 */
final class NodeIo extends MemcachedConnection {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(NodeIo.class);
    private static final int UNASKED_BYTES = 256;

    private final QuietNode node;
    private final Consumer<String> ended;
    private final ByteBuffer unasked = ByteBuffer.allocate(UNASKED_BYTES);

    // No initialiser, which would undo what the superclass's constructor does through getLogger().
    private SpyLog log;

    NodeIo(SpySettings settings, SocketChannel channel, String threadName, Consumer<String> ended) throws IOException {
        super(
                settings.getReadBufSize(),
                settings,
                List.of(),
                List.of(),
                settings.getFailureMode(),
                settings.getOperationFactory());
        this.ended = ended;
        channel.configureBlocking(false);
        node = new QuietNode(channel.getRemoteAddress(), channel, settings.getReadBufSize(), settings);
        node.setConnection(this);
        node.setSk(channel.register(selector, 0, node));
        node.connected();
        locator.updateLocator(List.of(node));
        setName(threadName);
    }

    /** None: spymemcached connects from here, but this connection's channel stands already. */
    @Override
    protected List<MemcachedNode> createConnections(Collection<InetSocketAddress> addresses) {
        return List.of();
    }

    /** Not yet: the superclass's constructor calls this, when half of this object is not there. */
    @Override
    public synchronized void start() {}

    void begin() {
        super.start();
    }

    /** Enqueues past the key check and the choice of a node, which are done. */
    void enqueue(SpyOperation operation) {
        addOperation(node, operation);
    }

    boolean isConnected() {
        return isAlive() && node.isActive();
    }

    /** Makes the I/O thread look whether an idle connection has ended. */
    void lookAtIdleSocket() {
        selector.wakeup();
    }

    /**
     * Makes the coming close a reset. The kernel would otherwise go on sending what it has buffered for minutes after the
     * close, so that a set written into a partition landed after the heal, over what was written since. What the node's own
     * kernel has taken already is the node's: a reset does not take that back.
     */
    void resetOnClose() {
        try {
            node.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("{} cannot be reset", getName(), e);
        }
    }

    /**
     * Called when the selector was woken and found nothing to do. With no operation in flight spymemcached does not watch
     * its socket, so a node that dies while nobody asks it anything would be noticed by the next caller only.
     */
    @Override
    protected void handleWokenUpSelector() {
        if (node.hasReadOp() || node.hasWriteOp()) {
            return;
        }
        try {
            int read = node.getChannel().read(unasked);
            if (read != 0) {
                ended.accept(read < 0 ? Losses.CLOSED : Losses.unasked(text()));
            }
        } catch (IOException e) {
            ended.accept(Losses.describe(e));
        }
    }

    private String text() {
        unasked.flip();
        String text = StandardCharsets.ISO_8859_1.decode(unasked).toString();
        unasked.clear();
        return text;
    }

    /** Called wherever spymemcached finds the connection lost, to make a new one. */
    @Override
    protected void queueReconnect(MemcachedNode lost) {
        ended.accept(Losses.describe(log == null ? null : log.cause()));
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever it is, the thread is dead and the connection with it
    public void run() {
        String why = "its I/O thread ended";
        try {
            super.run();
        } catch (Throwable e) {
            why = "its I/O thread died of " + e;
            // Its own assertions may trip over a shutdown in mid-loop, which does no harm.
            if (!isShutDown()) {
                LOG.error("The I/O thread {} died", getName(), e);
            }
        } finally {
            ended.accept(why);
        }
    }

    @Override
    protected Logger getLogger() {
        if (log == null) {
            log = new SpyLog();
        }
        return log;
    }
}
