package io.levee.cache.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The meters of a client, for Micrometer: {@code new CacheClientMetrics(client).bindTo(registry)}. docs/metrics.md has them all, with
 * their units and tags. Needs {@code io.micrometer:micrometer-core}; nothing else in Levee does.
 *
 * <p>Caches that are built later and nodes that join later get their meters then, and the meters of a node that leaves are removed. No
 * key is ever a tag. While it is bound, operations on nodes are timed.
 *
 * <p>Two clients in one registry are told apart by {@code tags}, or those of the second count for nothing where names meet. Thread-safe.
 */
public final class CacheClientMetrics implements MeterBinder, AutoCloseable {
    private final MonitoredClient client;
    private final Tags tags;
    private final Function<String, ? extends Iterable<Tag>> cacheTags;
    private final Map<MeterRegistry, ClientMeters> bound = new LinkedHashMap<>();

    public CacheClientMetrics(MonitoredClient client) {
        this(client, Tags.empty());
    }

    /** @param tags of every meter */
    public CacheClientMetrics(MonitoredClient client, Iterable<Tag> tags) {
        this(client, tags, cache -> Tags.empty());
    }

    /**
     * As the others, with further tags for the meters that every cache library has, {@code cache.*}: all of an application must
     * have the same tag names, or some registries take only the first.
     *
     * @param tags of every meter
     * @param cacheTags from the name of a cache; must not be {@code cache} or {@code result}
     */
    public CacheClientMetrics(
            MonitoredClient client, Iterable<Tag> tags, Function<String, ? extends Iterable<Tag>> cacheTags) {
        this.client = client;
        this.tags = Tags.of(tags);
        this.cacheTags = cacheTags;
    }

    /** Binds the meters to a registry; again, it does nothing. Does not block. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (!bound.containsKey(registry)) {
            ClientMeters meters = new ClientMeters(client, registry, tags, cacheTags);
            bound.put(registry, meters);
            meters.begin();
        }
    }

    /** Removes from every registry what was bound to it, and listens no more. Does not close the client. */
    @Override
    public synchronized void close() {
        bound.values().forEach(ClientMeters::close);
        bound.clear();
    }
}
