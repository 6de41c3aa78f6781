package io.levee.cache.internal.event;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.OperationListener;
import io.levee.cache.monitor.OperationOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners as one that never throws.
 *
 * <p>Everything that a handler throws is caught, {@code Error}s too, and logged once per listener: events are fired on threads
 * whose death would cost a node (its supervisor, the transport's I/O thread), and a handler must not be able to do that.
 */
public final class Listeners implements CacheListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.levee.cache.client.CacheClient");

    private record Registered(CacheListener listener, AtomicBoolean reported) {}

    private final List<Registered> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean timesOperations;

    public Listeners(Collection<? extends CacheListener> listeners) {
        listeners.forEach(this::add);
    }

    /** Those added later hear later events. */
    public synchronized void add(CacheListener listener) {
        listeners.add(new Registered(listener, new AtomicBoolean()));
        timesOperations |= listener instanceof OperationListener;
    }

    @SuppressWarnings("ReferenceEquality") // it is this listener, not one like it
    public synchronized void remove(CacheListener listener) {
        for (Registered registered : listeners) {
            if (registered.listener == listener) {
                listeners.remove(registered);
                break;
            }
        }
        timesOperations = listeners.stream().anyMatch(left -> left.listener instanceof OperationListener);
    }

    /** Whether anybody wants to hear of operations: if not, they need not be timed. */
    public boolean timesOperations() {
        return timesOperations;
    }

    public void operationEnded(NodeAddress node, OperationOutcome outcome, long tookNanos) {
        Duration took = Duration.ofNanos(tookNanos);
        tell(listener -> {
            if (listener instanceof OperationListener timed) {
                timed.operationEnded(node, outcome, took);
            }
        });
    }

    @Override
    public void nodesChanged(List<NodeAddress> nodes) {
        tell(listener -> listener.nodesChanged(nodes));
    }

    @Override
    public void breakerOpened(NodeAddress node, String reason) {
        tell(listener -> listener.breakerOpened(node, reason));
    }

    @Override
    public void cacheBuilt(ReadThroughCache<?, ?> cache) {
        tell(listener -> listener.cacheBuilt(cache));
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        tell(listener -> listener.nodeUp(node, downFor));
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        tell(listener -> listener.nodeDown(node, reason));
    }

    @Override
    public void nodeRefilled(NodeAddress node, int stored, int present) {
        tell(listener -> listener.nodeRefilled(node, stored, present));
    }

    @Override
    public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        tell(listener -> listener.reconnectFailed(node, reason, attempt, nextAttemptIn));
    }

    @Override
    public void roundMissed(String cache, int late, int of, String reason) {
        tell(listener -> listener.roundMissed(cache, late, of, reason));
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        tell(listener -> listener.advisoryRaised(advisory));
    }

    @Override
    public void advisoryCleared(Advisory advisory) {
        tell(listener -> listener.advisoryCleared(advisory));
    }

    @Override
    public void loaded(String cache, String key, Duration took) {
        tell(listener -> listener.loaded(cache, key, took));
    }

    @Override
    public void loadFailed(String cache, String key, Throwable cause, Duration took) {
        tell(listener -> listener.loadFailed(cache, key, cause, took));
    }

    @Override
    public void loadRejected(String cache, String key, int running) {
        tell(listener -> listener.loadRejected(cache, key, running));
    }

    @Override
    public void undecodable(String cache, String key, String reason) {
        tell(listener -> listener.undecodable(cache, key, reason));
    }

    @Override
    public void valueTooLarge(String cache, String key, int bytes, int limitBytes) {
        tell(listener -> listener.valueTooLarge(cache, key, bytes, limitBytes));
    }

    @Override
    public void writeFailed(String cache, String key, String reason) {
        tell(listener -> listener.writeFailed(cache, key, reason));
    }

    private void tell(Consumer<CacheListener> event) {
        for (Registered registered : listeners) {
            try {
                event.accept(registered.listener);
            } catch (Throwable e) {
                report(registered, e);
            }
        }
    }

    private static void report(Registered registered, Throwable thrown) {
        if (registered.reported.compareAndSet(false, true)) {
            LOG.warn(
                    "cache listener {} threw, and is told of events all the same; this is logged once",
                    registered.listener.getClass().getName(),
                    thrown);
        }
    }
}
