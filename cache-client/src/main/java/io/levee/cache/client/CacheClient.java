package io.levee.cache.client;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.CacheClosedException;
import io.levee.cache.OutagePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.ValueType;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.internal.thread.VirtualThreads;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.MonitoredClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of a set of memcached nodes, and the caches that live on them. One per process and set of nodes: it holds one
 * connection per node.
 *
 * <p>Thread-safe. Close it when the application ends; that closes its caches too.
 */
public final class CacheClient implements AutoCloseable, MonitoredClient {
    private final Assembly assembly;

    private CacheClient(ClientSettings settings) {
        this.assembly = new Assembly(settings);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins to describe a cache. A primitive class, such as {@code long.class} or Kotlin's {@code Long::class.java}, stands for its wrapper.
     *
     * @param name names it in memcached, in logs and in metrics, 1 to 100 characters. Once per client: a second cache of the name is
     *     refused by {@code build()}
     */
    public <K, V> ReadThroughCache.Builder<K, V> cache(String name, Class<K> keyType, Class<V> valueType) {
        return new CacheBuilder<>(assembly, name, keyType, valueType);
    }

    /**
     * As {@link #cache(String, Class, Class)}, for a generic value type: {@code client.cache("tags", Long.class, new
     * ValueType<List<Tag>>() {})}.
     */
    public <K, V> ReadThroughCache.Builder<K, V> cache(String name, Class<K> keyType, ValueType<V> valueType) {
        return new CacheBuilder<>(assembly, name, keyType, valueType == null ? null : valueType.type());
    }

    /** The settings that this client was built with, defaults included. Never blocks. */
    public ClientSettings settings() {
        return assembly.settings();
    }

    @Override
    public String name() {
        return settings().name();
    }

    @Override
    public List<ReadThroughCache<?, ?>> caches() {
        return assembly.caches();
    }

    @Override
    public void addListener(CacheListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("cache client: listener must not be null");
        }
        assembly.addListener(listener);
    }

    @Override
    public void removeListener(CacheListener listener) {
        assembly.removeListener(listener);
    }

    /** How the nodes stand. Never blocks; answers after {@link #close} too. */
    @Override
    public HealthReport health() {
        return assembly.health();
    }

    /**
     * Begins no load of the periodic write-through any more, in any cache that there is, until {@link #resumePeriodicWriteThrough}: for
     * the time in which an application goes down, and what its loaders need goes before the client does. Loads under way go on. Does
     * not block; again, or after {@link #close}, does nothing.
     */
    public void pausePeriodicWriteThrough() {
        assembly.pausePeriodicWriteThrough();
    }

    /** Goes on with the periodic write-through, with what is due by now. Does not block; does nothing if it was not paused. */
    public void resumePeriodicWriteThrough() {
        assembly.resumePeriodicWriteThrough();
    }

    /**
     * Closes the client, its caches and its connections. Calls that wait get a {@link CacheClosedException}, running loaders on the
     * client's threads are interrupted, and loaded values that are still on their way to a node are dropped. Blocks until the client's threads have ended, for a few seconds at most. Closing again does
     * nothing.
     */
    @Override
    public void close() {
        assembly.close();
    }

    /**
     * Describes a client. Only the nodes are required. A setting may be given once; a wrong one is refused at once with an {@link
     * IllegalArgumentException} that names it, its value and its bound.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private static final AtomicInteger CLIENTS = new AtomicInteger();
        private static final Duration MINUTE = Duration.ofMinutes(1);
        private static final Duration HOUR = Duration.ofHours(1);

        private final Bounds bounds = new Bounds("cache client");
        private final List<CacheListener> listeners = new ArrayList<>();
        private String name;
        private NodeDiscovery discovery;
        private String keyPrefix = "";
        private Duration operationTimeout = Duration.ofMillis(200);
        private Duration connectTimeout = Duration.ofSeconds(1);
        private Duration backoffFirst = Duration.ofMillis(100);
        private Duration backoffMax = Duration.ofSeconds(30);
        private BreakerPolicy breaker = BreakerPolicy.defaults();
        private OutagePolicy outage = OutagePolicy.miss();
        private long localBytes = 64L * 1024 * 1024;
        private Codec<?> codec;
        private Duration probeInterval = Duration.ofSeconds(5);
        private boolean virtualLoaderThreads;

        private Builder() {}

        /** Names the client in thread names and logs: 1 to 40 letters, digits, dots and dashes. A number unless told. */
        public Builder name(String clientName) {
            bounds.once("name");
            if (clientName == null || !clientName.matches("[A-Za-z0-9.-]{1,40}")) {
                throw bounds.wrong("name", clientName, "1 to 40 letters, digits, dots and dashes");
            }
            name = clientName;
            return this;
        }

        /**
         * The nodes: {@code host:port}, {@code [ipv6]:port}, each with an optional weight, {@code host:port*2}. All processes that share
         * the nodes must name them alike, or they look for keys in different places.
         */
        public Builder nodes(String... nodes) {
            Map<String, NodeAddress> parsed = new LinkedHashMap<>();
            for (String node : bounds.present("nodes", nodes)) {
                if (node == null) {
                    throw new IllegalArgumentException("cache client: nodes must not be null, but one is");
                }
                NodeAddress address = NodeAddress.parse(node);
                if (parsed.putIfAbsent(address.toString(), address) != null) {
                    throw new IllegalArgumentException("cache client: nodes name " + address + " twice");
                }
            }
            if (parsed.isEmpty()) {
                throw new IllegalArgumentException("cache client: nodes must name at least one node, host:port");
            }
            return discovery(NodeDiscovery.fixed(parsed.values()));
        }

        /** Where to learn which nodes there are, instead of {@link #nodes}. */
        public Builder discovery(NodeDiscovery nodeDiscovery) {
            discovery = bounds.present("nodes or discovery", nodeDiscovery);
            return this;
        }

        /** Begins every key in memcached, so that applications can share nodes. At most 50 characters; none unless told. */
        public Builder keyPrefix(String prefix) {
            if (bounds.present("keyPrefix", prefix).length() > 50) {
                throw bounds.wrong("keyPrefix", prefix, "at most 50 characters");
            }
            keyPrefix = prefix;
            return this;
        }

        /** The longest that one answer of a node is waited for. 1 ms to 1 min; 200 ms unless told. */
        public Builder operationTimeout(Duration timeout) {
            operationTimeout = bounds.duration("operationTimeout", timeout, Duration.ofMillis(1), MINUTE);
            return this;
        }

        /** How long connecting and the first answer may take together. 10 ms to 1 min; 1 s unless told. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = bounds.duration("connectTimeout", timeout, Duration.ofMillis(10), MINUTE);
            return this;
        }

        /**
         * How long to wait before a dead node is connected to again: a random part of {@code first}, which doubles with every failed
         * attempt up to {@code max}. 1 ms to 1 h; 100 ms and 30 s unless told.
         */
        public Builder reconnectBackoff(Duration first, Duration max) {
            bounds.once("reconnectBackoff");
            backoffMax = bounds.check("reconnectBackoff max", max, Duration.ofMillis(1), HOUR);
            backoffFirst = bounds.check("reconnectBackoff first", first, Duration.ofMillis(1), max);
            return this;
        }

        /** When a node that does not answer well is given up. */
        public Builder breaker(BreakerPolicy policy) {
            breaker = bounds.present("breaker", policy);
            return this;
        }

        /** What becomes of a dead node's keys; {@link OutagePolicy#miss()} unless told. */
        public Builder outage(OutagePolicy policy) {
            outage = bounds.present("outage", policy);
            return this;
        }

        /**
         * How many bytes of values, encoded and with the overhead of holding them, all caches together keep in this process, as near
         * cache and as fallback. 0 for none, which gives up much of what Levee is for; 64 MiB unless told.
         */
        public Builder localBytes(long bytes) {
            bounds.once("localBytes");
            if (bytes < 0) {
                throw bounds.wrong("localBytes", bytes, "0 or more");
            }
            localBytes = bytes;
            return this;
        }

        /** How values become bytes, for value types other than String, byte[], Boolean and the numbers. JSON unless told, if Jackson 3 is there. */
        public Builder codec(Codec<?> valueCodec) {
            codec = bounds.present("codec", valueCodec);
            return this;
        }

        /** Hears what happens. May be called more than once, for several listeners. */
        public Builder listener(CacheListener listener) {
            if (listener == null) {
                throw new IllegalArgumentException("cache client: listener must not be null");
            }
            listeners.add(listener);
            return this;
        }

        /** How often each node is asked how it is. 100 ms to 1 h; 5 s unless told. */
        public Builder probeInterval(Duration interval) {
            probeInterval = bounds.duration("probeInterval", interval, Duration.ofMillis(100), HOUR);
            return this;
        }

        /**
         * Whether loaders that do not run on the calling thread run on virtual threads, a new one for each load, in place of pooled
         * platform threads. {@code maxConcurrentLoads} bounds them all the same. Only on JDK 21 or later: on an earlier one true is
         * refused. False unless told.
         */
        public Builder virtualLoaderThreads(boolean virtual) {
            bounds.once("virtualLoaderThreads");
            if (virtual && !VirtualThreads.areThere()) {
                throw bounds.wrong(
                        "virtualLoaderThreads",
                        true,
                        "false before JDK " + VirtualThreads.FIRST_JDK + ", and this is JDK " + Runtime.version());
            }
            virtualLoaderThreads = virtual;
            return this;
        }

        /**
         * Builds the client and connects to its nodes. Waits for the discovery's first answer and then for the nodes', each for {@code
         * connectTimeout} at most; returns even if every node is down. No fault of a node is thrown.
         */
        public CacheClient build() {
            if (discovery == null) {
                throw new IllegalArgumentException("cache client: nodes(...) or discovery(...) must be given");
            }
            return new CacheClient(settings());
        }

        ClientSettings settings() {
            return new ClientSettings(
                    name != null ? name : Integer.toString(CLIENTS.incrementAndGet()),
                    discovery,
                    keyPrefix,
                    operationTimeout,
                    connectTimeout,
                    backoffFirst,
                    backoffMax,
                    breaker,
                    outage,
                    localBytes,
                    codec,
                    List.copyOf(listeners),
                    probeInterval,
                    virtualLoaderThreads);
        }
    }
}
