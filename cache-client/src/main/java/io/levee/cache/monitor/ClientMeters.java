package io.levee.cache.monitor;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.discovery.NodeAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The meters of one client in one registry, kept in step with its nodes and caches. */
final class ClientMeters implements OperationListener, AutoCloseable {
    private final MonitoredClient client;
    private final MeterRegistry registry;
    private final Tags tags;
    private final Function<String, ? extends Iterable<Tag>> cacheTags;
    private final MeterSet whole;
    private final Map<String, CacheMeters> caches = new ConcurrentHashMap<>();

    /** By {@code host:port}; replaced as a whole, under this. */
    private volatile Map<String, NodeMeters> nodes = Map.of();

    /** The same, by the address with its weight, whose text would have to be made for every operation. */
    private volatile Map<NodeAddress, NodeMeters> byAddress = Map.of();

    private boolean closed;

    ClientMeters(
            MonitoredClient client,
            MeterRegistry registry,
            Tags tags,
            Function<String, ? extends Iterable<Tag>> cacheTags) {
        this.client = client;
        this.registry = registry;
        this.tags = tags;
        this.cacheTags = cacheTags;
        this.whole = new MeterSet(registry, tags);
    }

    void begin() {
        for (Advisory.Code code : Advisory.Code.values()) {
            whole.gauge(
                    "levee.advisories",
                    "advisories",
                    "Advisories that stand now",
                    Tags.of("code", code.name().toLowerCase(Locale.ROOT)),
                    () -> client.health().advisories().stream()
                            .filter(advisory -> advisory.code() == code)
                            .count());
        }
        // First, so that nothing that comes in between is missed; what comes twice is taken once.
        client.addListener(this);
        followNodes();
        client.caches().forEach(this::cacheBuilt);
    }

    @Override
    public void nodesChanged(List<NodeAddress> changed) {
        followNodes();
    }

    /** By the report and not by the event: of two that come at once, the later finds the latest. */
    private synchronized void followNodes() {
        if (closed) {
            return;
        }
        Map<String, NodeMeters> next = new HashMap<>();
        Map<NodeAddress, NodeMeters> nextByAddress = new HashMap<>();
        for (NodeHealth node : client.health().nodes()) {
            String name = node.address().toString();
            NodeMeters known = nodes.get(name);
            NodeMeters meters = known != null ? known : new NodeMeters(client, name, new MeterSet(registry, tags));
            next.put(name, meters);
            nextByAddress.put(node.address(), meters);
        }
        Map<String, NodeMeters> before = nodes;
        nodes = next;
        byAddress = nextByAddress;
        before.forEach((name, meters) -> {
            if (!next.containsKey(name)) {
                meters.close();
            }
        });
    }

    @Override
    public synchronized void cacheBuilt(ReadThroughCache<?, ?> cache) {
        if (!closed) {
            caches.computeIfAbsent(
                    cache.name(), name -> new CacheMeters(cache, new MeterSet(registry, tags), cacheTags.apply(name)));
        }
    }

    @Override
    public void operationEnded(NodeAddress node, OperationOutcome outcome, Duration took) {
        NodeMeters meters = meters(node);
        if (meters != null) {
            meters.operationEnded(outcome, took);
        }
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        NodeMeters meters = meters(node);
        if (meters != null && !downFor.isZero()) {
            meters.reconnected();
        }
    }

    @Override
    public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        NodeMeters meters = meters(node);
        if (meters != null) {
            meters.reconnectFailed();
        }
    }

    @Override
    public void breakerOpened(NodeAddress node, String reason) {
        NodeMeters meters = meters(node);
        if (meters != null) {
            meters.breakerOpened();
        }
    }

    @Override
    public void loaded(String cache, String key, Duration took) {
        CacheMeters meters = caches.get(cache);
        if (meters != null) {
            meters.loaded(took);
        }
    }

    @Override
    public void loadFailed(String cache, String key, Throwable cause, Duration took) {
        CacheMeters meters = caches.get(cache);
        if (meters != null) {
            meters.loadFailed(took);
        }
    }

    private NodeMeters meters(NodeAddress node) {
        NodeMeters meters = byAddress.get(node);
        // Its weight has just changed, or is about to.
        return meters != null ? meters : nodes.get(node.toString());
    }

    @Override
    public void close() {
        client.removeListener(this);
        synchronized (this) {
            closed = true;
            whole.close();
            nodes.values().forEach(NodeMeters::close);
            caches.values().forEach(CacheMeters::close);
        }
    }
}
