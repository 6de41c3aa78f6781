package io.levee.cache.client;

import io.levee.cache.CacheClosedException;
import io.levee.cache.CacheSettings;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecCatalog;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.EventLog;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.generation.Generations;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.local.LocalTier;
import io.levee.cache.internal.node.DiscoveryWatch;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.NodeSettings;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.read.TieredCache;
import io.levee.cache.internal.refill.WarmUp;
import io.levee.cache.internal.schedule.PeriodicWriteThrough;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.cache.internal.transport.Transport;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.internal.write.RecentWrites;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.HealthReport;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wires the rooms that a client has once, and keeps its caches, whose own rooms {@link CacheAssembly} wires. Nothing else in Levee
 * knows more than its neighbours.
 */
final class Assembly implements AutoCloseable {
    private final TimeSource time = TimeSource.SYSTEM;
    private final ClientSettings settings;
    private final Listeners listener;
    private final ClientThreads threads;
    private final LocalTier localTier;
    private final Transport transport;
    private final HealthTracker health;
    private final InvalidationJournal journal;
    private final RecentWrites recentWrites;
    private final Generations generations;
    private final NodeTier nodes;
    private final WarmUp warmUp;
    private final DiscoveryWatch discovery;
    private final ClientRooms rooms;

    private final Map<String, TieredCache<?, ?>> caches = new ConcurrentHashMap<>();
    private final List<PeriodicWriteThrough<?>> schedules = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Assembly(ClientSettings settings) {
        this.settings = settings;
        Listeners listeners = new Listeners(settings.listeners());
        this.listener = listeners;
        this.health = new HealthTracker(time, listeners);
        listeners.add(new EventLog(
                settings.name(), time, health::share, settings.outage().isGutter()));
        this.threads = new ClientThreads(settings.name(), settings.virtualLoaderThreads());
        this.localTier = new LocalTier(settings.localBytes());
        this.transport = new SpyTransport(settings.name(), settings.connectTimeout(), settings.operationTimeout());
        NodeSettings nodeSettings = new NodeSettings(
                settings.name(),
                settings.connectTimeout().toNanos(),
                settings.backoffFirst().toNanos(),
                settings.backoffMax().toNanos(),
                settings.probeInterval().toNanos(),
                settings.breaker());
        this.journal = new InvalidationJournal(threads.timer(), time);
        this.generations = new Generations(settings.keyPrefix(), threads.timer(), time);
        this.recentWrites = new RecentWrites(this::node, this::nodeFor, time);
        this.nodes = new NodeTier(nodeSettings, transport, health, this::rejoin, listeners);
        this.warmUp = new WarmUp(this::node, threads.callbacks(), this::later, time, listeners);
        listeners.add(warmUp);
        this.discovery = new DiscoveryWatch(settings.name(), settings.discovery(), nodes::nodes);
        this.rooms = new ClientRooms(
                settings, listener, threads, localTier, health, journal, recentWrites, generations, nodes, time);
        connect();
    }

    /** An interrupt is no reason to have no client: it is passed on, and the nodes are connected to in the background. */
    private void connect() {
        try {
            discovery.start(settings.connectTimeout());
            nodes.awaitFirstAttempts();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        awaitFirstPoll(generations.start(nodes));
    }

    /** What is written before may be refused afterwards, and then is loaded twice: worth a moment, and no more. */
    private void awaitFirstPoll(CompletableFuture<Void> polled) {
        try {
            polled.get(settings.operationTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // A node that does not answer is no reason to wait longer; the poll goes on.
        }
    }

    /** Before a node serves (again), it is told what it missed. */
    private void rejoin(NodeAddress address, NodeConnection connection) throws IOException, InterruptedException {
        generations.beforeServing(address, connection);
        journal.beforeServing(address, connection);
        recentWrites.beforeServing(address, connection);
    }

    private Optional<Node> node(NodeAddress address) {
        return nodes.node(address);
    }

    private Node nodeFor(String key) {
        return nodes.nodeFor(key);
    }

    private void later(long nanos, Runnable step) {
        Future<?> unused = threads.timer().after(nanos, step);
    }

    ClientSettings settings() {
        return settings;
    }

    /** @param own the cache's own codec, or null */
    <V> Codec<V> codec(String cacheName, Codec<V> own, Type valueType) {
        try {
            return own != null ? own : CodecCatalog.codecFor(valueType, Optional.ofNullable(settings.codec()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cache \"" + cacheName + "\": " + e.getMessage(), e);
        }
    }

    /** Wires a cache and takes it into the client. */
    <K, V> ReadThroughCache<K, V> cache(CacheSettings cacheSettings, CacheDefinition<K, V> definition) {
        String name = cacheSettings.name();
        CacheAssembly<K, V> assembled = new CacheAssembly<>(rooms, cacheSettings, definition);
        TieredCache<K, V> cache = assembled.cache();
        if (caches.putIfAbsent(name, cache) != null) {
            throw new IllegalArgumentException("cache \"" + name + "\": this client has a cache of that name already");
        }
        if (closed.get()) {
            // Checked after it was registered, or close() might have passed over it.
            cache.close();
            throw new CacheClosedException("cache \"" + name + "\" cannot be built: the client is closed");
        }
        warmUp.add(assembled.stock());
        if (assembled.schedule() != null) {
            keepWarm(assembled.schedule());
        }
        listener.cacheBuilt(cache);
        return cache;
    }

    private void keepWarm(PeriodicWriteThrough<?> schedule) {
        schedules.add(schedule);
        if (closed.get()) {
            // Checked after it was added, or close() might have passed over it.
            schedule.close();
        }
        schedule.start();
    }

    void pausePeriodicWriteThrough() {
        schedules.forEach(PeriodicWriteThrough::pause);
    }

    void resumePeriodicWriteThrough() {
        schedules.forEach(PeriodicWriteThrough::resume);
    }

    List<ReadThroughCache<?, ?>> caches() {
        return List.copyOf(caches.values());
    }

    void addListener(CacheListener added) {
        listener.add(added);
    }

    void removeListener(CacheListener removed) {
        listener.remove(removed);
    }

    HealthReport health() {
        return health.report();
    }

    /**
     * In the order in which calls depend on each other: the client begins nothing of its own any more, callers are told, then nothing new is sent, then the threads that run
     * the last steps end.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        schedules.forEach(PeriodicWriteThrough::close);
        caches.values().forEach(TieredCache::close);
        discovery.close();
        generations.close();
        nodes.close();
        transport.close();
        threads.close();
        localTier.clear();
    }
}
