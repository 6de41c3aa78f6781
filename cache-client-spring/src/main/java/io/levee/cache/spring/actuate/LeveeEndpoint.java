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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The actuator endpoint {@code levee}, over HTTP: nodes and caches to look at, a key to explain, a key to invalidate, a cache to clear. A wrong
 * request is answered with 400 and what is wrong, a cache that does not exist with 404. Values are never shown.
 *
 * <p>A web endpoint, because only there a refusal can say why: elsewhere Spring Boot keeps the reason to itself.
 */
@WebEndpoint(id = "levee")
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
     */
    @ReadOperation
    @RegisterReflectionForBinding({CacheDescriptor.class, Refusal.class})
    public WebEndpointResponse<?> cache(@Selector String cache, @Nullable String key) {
        return answer(cache, found -> describe(found, key == null ? null : found.explain(key(cache, key))));
    }

    /**
     * Invalidates a key or clears a cache, as {@link ReadThroughCache#invalidate} and {@link ReadThroughCache#clear} do.
     *
     * @param key required to invalidate, and refused otherwise
     */
    @WriteOperation
    @RegisterReflectionForBinding({Done.class, Refusal.class})
    public WebEndpointResponse<?> act(@Selector String cache, Action action, @Nullable String key) {
        return answer(cache, found -> {
            if (action == Action.CLEAR) {
                if (key != null) {
                    throw new IllegalArgumentException("clear takes no key: to remove one key, invalidate it");
                }
                found.clear();
            } else {
                if (key == null) {
                    throw new IllegalArgumentException("invalidate takes a key");
                }
                found.invalidate(key(cache, key));
            }
            return new Done(cache, action, key);
        });
    }

    private WebEndpointResponse<?> answer(String cache, Function<ReadThroughCache<Object, ?>, Object> answer) {
        ReadThroughCache<Object, ?> found = find(cache).orElse(null);
        if (found == null) {
            return new WebEndpointResponse<>(
                    new Refusal("there is no cache \"" + cache + "\""), WebEndpointResponse.STATUS_NOT_FOUND);
        }
        try {
            return new WebEndpointResponse<>(answer.apply(found));
        } catch (IllegalArgumentException e) {
            return new WebEndpointResponse<>(
                    new Refusal("cache \"" + cache + "\": " + e.getMessage()), WebEndpointResponse.STATUS_BAD_REQUEST);
        }
    }

    @SuppressWarnings("unchecked") // keys are of the definition's type, or refused
    private Optional<ReadThroughCache<Object, ?>> find(String name) {
        return client.caches().stream()
                .filter(cache -> cache.name().equals(name))
                .findFirst()
                .map(cache -> (ReadThroughCache<Object, ?>) cache);
    }

    private Object key(String cache, String text) {
        CacheDefinition<?, ?> definition = caches.definition(cache)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the type of its keys is not known here, as no CacheDefinition describes it"));
        return KeyOfText.of(definition.keyType(), text);
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

    /** Why nothing was done. */
    public record Refusal(String problem) {}

    /** What was done. */
    public record Done(
            String cache, Action action, @Nullable String key) {}
}
