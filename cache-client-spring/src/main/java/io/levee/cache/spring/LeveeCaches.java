package io.levee.cache.spring;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Builds this application's caches: what a {@link CacheDefinition} says, with the settings of {@code levee.caches.<name>} and {@code
 * levee.defaults}.
 *
 * <p>Thread-safe.
 */
public final class LeveeCaches {
    private final CacheClient client;
    private final CacheOptions defaults;
    private final Map<String, CacheOptions> configured;
    private final List<CacheBuilderCustomizer> customizers;
    private final Map<String, CacheDefinition<?, ?>> definitions = new ConcurrentHashMap<>();
    private final Map<String, ReadThroughCache<?, ?>> built = new ConcurrentHashMap<>();

    /**
     * For the caches of one client.
     *
     * @param defaults for all caches
     * @param configured by the name of the cache
     */
    public LeveeCaches(
            CacheClient client,
            CacheOptions defaults,
            Map<String, CacheOptions> configured,
            List<CacheBuilderCustomizer> customizers) {
        this.client = client;
        this.defaults = defaults;
        this.configured = Map.copyOf(configured);
        this.customizers = List.copyOf(customizers);
    }

    /**
     * Builds a cache. Does not block, and does not need a node to be up.
     *
     * @throws LeveeConfigurationException if a property is wrong, or a required one is missing
     * @throws IllegalArgumentException if the definition is wrong, or there is a cache of its name already
     */
    public <K, V> ReadThroughCache<K, V> build(CacheDefinition<K, V> definition) {
        String name = definition.name();
        OptionLayers layers = new OptionLayers(
                name, configured.getOrDefault(name, CacheOptions.NONE), definition.options(), defaults);
        ReadThroughCache.Builder<K, V> builder =
                client.cache(name, definition.keyType(), ValueType.<V>of(definition.valueType()));
        definition.describe(builder);
        layers.applyTo(builder, definition.loads(), definition.periodicKeys());
        customizers.forEach(customizer -> customizer.customize(name, builder));
        ReadThroughCache<K, V> cache = layers.build(builder);
        definitions.put(name, definition);
        built.put(name, cache);
        return cache;
    }

    /** The names that {@code levee.caches} has. */
    public Set<String> configuredNames() {
        return configured.keySet();
    }

    /** What {@code levee.caches.<name>} says; nothing set if it says nothing. */
    public CacheOptions configured(String name) {
        return configured.getOrDefault(name, CacheOptions.NONE);
    }

    /** What {@code levee.defaults} says. */
    public CacheOptions defaults() {
        return defaults;
    }

    /** The definition of a cache that was built here. */
    public Optional<CacheDefinition<?, ?>> definition(String name) {
        return Optional.ofNullable(definitions.get(name));
    }

    /** A cache that was built here. */
    public Optional<ReadThroughCache<?, ?>> find(String name) {
        return Optional.ofNullable(built.get(name));
    }

    /** The caches that were built here, in no order. */
    public List<ReadThroughCache<?, ?>> all() {
        return List.copyOf(built.values());
    }
}
