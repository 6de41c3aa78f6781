package io.levee.cache.spring.actuate;

import io.levee.cache.CacheSettings;
import io.levee.cache.CacheStats;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.MonitoredClient;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LeveeCaches;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The actuator endpoint {@code levee}: nodes and caches to look at, a key to explain, a key to invalidate, a cache to clear. A wrong
 * request is answered with 400 and what is wrong, a cache that does not exist with 404. Values are never shown.
 */
@Endpoint(id = "levee")
public final class LeveeEndpoint {
    /** What may be done to a cache. */
    public enum Action {
        /** Invalidates one key. */
        INVALIDATE,
        /** Removes every value. */
        CLEAR
    }

    private final MonitoredClient client;
    private final LeveeCaches caches;

    /** @param caches know the key types of the caches that were defined */
    public LeveeEndpoint(MonitoredClient client, LeveeCaches caches) {
        this.client = client;
        this.caches = caches;
    }

    /** All nodes and caches. Does not block. */
    @ReadOperation
    public ClientDescriptor client() {
        HealthReport report = client.health();
        Map<String, CacheDescriptor> byName = new TreeMap<>();
        client.caches().forEach(cache -> byName.put(cache.name(), describe(cache, null)));
        return new ClientDescriptor(
                client.name(),
                report.status().name(),
                report.nodes().stream().map(LeveeEndpoint::describe).toList(),
                report.advisories().stream().map(Object::toString).toList(),
                byName);
    }

    /**
     * One cache. With a key, what {@link ReadThroughCache#explain} says of it, which blocks for at most {@code operationTimeout}.
     *
     * @return null if there is no such cache
     */
    @ReadOperation
    public @Nullable CacheDescriptor cache(@Selector String cache, @Nullable String key) {
        return find(cache)
                .map(found -> describe(found, key == null ? null : found.explain(key(cache, key))))
                .orElse(null);
    }

    /**
     * Invalidates a key or clears a cache, as {@link ReadThroughCache#invalidate} and {@link ReadThroughCache#clear} do.
     *
     * @param key required to invalidate, and refused otherwise
     * @return null if there is no such cache
     */
    @WriteOperation
    public @Nullable Done act(@Selector String cache, Action action, @Nullable String key) {
        ReadThroughCache<Object, ?> found = find(cache).orElse(null);
        if (found == null) {
            return null;
        }
        if (action == Action.CLEAR) {
            if (key != null) {
                throw refused("clear takes no key: to remove one key, invalidate it");
            }
            found.clear();
        } else {
            if (key == null) {
                throw refused("invalidate takes a key");
            }
            found.invalidate(key(cache, key));
        }
        return new Done(cache, action, key);
    }

    @SuppressWarnings("unchecked") // keys are of the definition's type, or refused
    private Optional<ReadThroughCache<Object, ?>> find(String name) {
        return client.caches().stream()
                .filter(cache -> cache.name().equals(name))
                .findFirst()
                .map(cache -> (ReadThroughCache<Object, ?>) cache);
    }

    private Object key(String cache, String text) {
        CacheDefinition<?, ?> definition = caches.definition(cache).orElse(null);
        if (definition == null) {
            throw refused("the type of the keys of cache \"" + cache
                    + "\" is not known here, as no CacheDefinition describes it");
        }
        try {
            return KeyOfText.of(definition.keyType(), text);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpointRequestException("cache \"" + cache + "\": " + e.getMessage(), e.getMessage(), e);
        }
    }

    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }

    private static CacheDescriptor describe(ReadThroughCache<?, ?> cache, @Nullable String explanation) {
        return new CacheDescriptor(cache.settings(), cache.stats(), explanation);
    }

    private static NodeDescriptor describe(NodeHealth node) {
        return new NodeDescriptor(
                node.address().toString(),
                node.state().name(),
                node.breaker().name(),
                node.since(),
                node.lastError(),
                node.version(),
                node.uptime(),
                node.connections(),
                node.maxConnections(),
                node.ringShare(),
                node.nextAttempt());
    }

    /** The whole client. */
    public record ClientDescriptor(
            String client,
            String status,
            List<NodeDescriptor> nodes,
            List<String> advisories,
            Map<String, CacheDescriptor> caches) {}

    /** A node, as {@link NodeHealth} has it; -1 and null for what is not known. */
    public record NodeDescriptor(
            String address,
            String state,
            String breaker,
            Instant since,
            @Nullable String lastError,
            @Nullable String version,
            @Nullable Duration uptime,
            int connections,
            int maxConnections,
            double ringShare,
            @Nullable Instant nextAttempt) {}

    /** A cache; the explanation is null unless a key was asked for. */
    public record CacheDescriptor(
            CacheSettings settings,
            CacheStats stats,
            @Nullable String explanation) {}

    /** What was done. */
    public record Done(
            String cache, Action action, @Nullable String key) {}
}
