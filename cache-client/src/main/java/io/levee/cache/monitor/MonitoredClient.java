package io.levee.cache.monitor;

import io.levee.cache.ReadThroughCache;
import java.util.List;

/** What a client shows of itself to whoever monitors it. Thread-safe; no method blocks. */
public interface MonitoredClient {
    /** Its name in threads and logs. */
    String name();

    /** How the nodes stand. Answers after the client was closed too. */
    HealthReport health();

    /** The caches that were built so far, in no order. */
    List<ReadThroughCache<?, ?>> caches();

    /**
     * Lets a listener hear what happens from now on. An {@link OperationListener} hears of operations too, of those that begin from now
     * on. A listener that was added twice hears twice.
     */
    void addListener(CacheListener listener);

    /** Lets it hear no more, but of what is being told right now. Does nothing if it was not added. */
    void removeListener(CacheListener listener);
}
