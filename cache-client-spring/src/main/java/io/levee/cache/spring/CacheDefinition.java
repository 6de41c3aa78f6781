package io.levee.cache.spring;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheWriter;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.ValueType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Describes a cache of this application. As a bean it makes the cache another bean, which is built with the settings of {@code
 * levee.caches.<name>} and injected as {@code ReadThroughCache<K, V>}:
 *
 * <pre>{@code
 * @Bean
 * CacheDefinition<Long, ProjectStats> projectStats(StatsDatabase database) {
 *     return CacheDefinition.of("project-stats", Long.class, ProjectStats.class).loader(database::stats);
 * }
 *
 * StatsPage(ReadThroughCache<Long, ProjectStats> stats) { ... }
 * }</pre>
 *
 * <p>Where two caches have the same types, the injection point says which one it means by the name of the definition's bean: {@code
 * @Qualifier("projectStats")}.
 *
 * <p>A setting comes from {@code levee.caches.<name>}, else from the definition, else from {@code levee.defaults}, else from Levee.
 *
 * <p>Not thread-safe; not to be changed once the bean is made.
 */
public final class CacheDefinition<K, V> {
    private final String name;
    private final Class<K> keyType;
    private final Type valueType;
    private CacheLoader<? super K, ? extends V> loader;
    private BulkLoader<K, V> bulkLoader;
    private CacheWriter<? super K, ? super V> writer;
    private Function<? super K, String> key;
    private Codec<V> codec;
    private Duration expireAfterWrite;
    private Duration staleFor;
    private Duration refreshAfterWrite;
    private Duration nearCache;
    private Duration cacheAbsent;
    private Double expiryJitter;
    private Integer maxConcurrentLoads;
    private Duration loadWait;
    private CacheOptions.LoadTimeout loadTimeout;
    private CacheOptions.Lease lease;
    private CacheOptions.PeriodicWriteThrough periodicWriteThrough;
    private Integer schemaVersion;
    private Supplier<? extends Collection<? extends K>> periodicKeys;

    private CacheDefinition(String name, Class<K> keyType, Type valueType) {
        if (name == null || keyType == null || valueType == null) {
            throw new IllegalArgumentException("a cache definition needs a name, a key type and a value type, but has "
                    + name + ", " + keyType + " and " + valueType);
        }
        this.name = name;
        this.keyType = keyType;
        this.valueType = valueType;
    }

    /** Begins a definition. The name is that of {@link io.levee.cache.client.CacheClient#cache}. */
    public static <K, V> CacheDefinition<K, V> of(String name, Class<K> keyType, Class<V> valueType) {
        return new CacheDefinition<>(name, keyType, valueType);
    }

    /** As {@link #of(String, Class, Class)}, for a generic value type: {@code new ValueType<List<Tag>>() {}}. */
    public static <K, V> CacheDefinition<K, V> of(String name, Class<K> keyType, ValueType<V> valueType) {
        return new CacheDefinition<>(name, keyType, valueType == null ? null : valueType.type());
    }

    /** As {@link ReadThroughCache.Builder#loader}. */
    public CacheDefinition<K, V> loader(CacheLoader<? super K, ? extends V> cacheLoader) {
        loader = cacheLoader;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#bulkLoader}. */
    public CacheDefinition<K, V> bulkLoader(BulkLoader<K, V> cacheBulkLoader) {
        bulkLoader = cacheBulkLoader;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#writer}. Spring's {@code @CachePut} does not call it: there the method has written. */
    public CacheDefinition<K, V> writer(CacheWriter<? super K, ? super V> cacheWriter) {
        writer = cacheWriter;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#key}. */
    public CacheDefinition<K, V> key(Function<? super K, String> text) {
        key = text;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#codec}. */
    public CacheDefinition<K, V> codec(Codec<V> valueCodec) {
        codec = valueCodec;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#expireAfterWrite}. */
    public CacheDefinition<K, V> expireAfterWrite(Duration value) {
        expireAfterWrite = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#staleFor}. */
    public CacheDefinition<K, V> staleFor(Duration value) {
        staleFor = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#refreshAfterWrite}; zero for off. */
    public CacheDefinition<K, V> refreshAfterWrite(Duration value) {
        refreshAfterWrite = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#nearCache}; zero for off. */
    public CacheDefinition<K, V> nearCache(Duration value) {
        nearCache = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#cacheAbsent}; zero for off. */
    public CacheDefinition<K, V> cacheAbsent(Duration value) {
        cacheAbsent = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#expiryJitter}. */
    public CacheDefinition<K, V> expiryJitter(double value) {
        expiryJitter = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#maxConcurrentLoads}. */
    public CacheDefinition<K, V> maxConcurrentLoads(int value) {
        maxConcurrentLoads = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#loadWait}. */
    public CacheDefinition<K, V> loadWait(Duration value) {
        loadWait = value;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#loadTimeout}. */
    public CacheDefinition<K, V> loadTimeout(Duration soft, Duration hard) {
        loadTimeout = new CacheOptions.LoadTimeout(soft, hard);
        return this;
    }

    /** As {@link ReadThroughCache.Builder#lease}. */
    public CacheDefinition<K, V> lease(LeasePolicy value) {
        lease = new CacheOptions.Lease(value.enabled(), value.ttl());
        return this;
    }

    /** As {@link ReadThroughCache.Builder#periodicWriteThrough(Duration, Collection)}; a period of zero for off. */
    public CacheDefinition<K, V> periodicWriteThrough(Duration period, Collection<? extends K> keys) {
        List<K> fixed = List.copyOf(keys);
        return periodicWriteThrough(period, () -> fixed);
    }

    /** As {@link ReadThroughCache.Builder#periodicWriteThrough(Duration, Supplier)}; a period of zero for off. */
    public CacheDefinition<K, V> periodicWriteThrough(
            Duration period, Supplier<? extends Collection<? extends K>> keys) {
        periodicWriteThrough = new CacheOptions.PeriodicWriteThrough(period, null, null);
        periodicKeys = keys;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#periodicWriteThrough(Duration, KeysReadPolicy)}; a period of zero for off. */
    public CacheDefinition<K, V> periodicWriteThrough(Duration period, KeysReadPolicy keys) {
        periodicWriteThrough = new CacheOptions.PeriodicWriteThrough(period, keys.within(), keys.atMost());
        periodicKeys = null;
        return this;
    }

    /** As {@link ReadThroughCache.Builder#schemaVersion}. */
    public CacheDefinition<K, V> schemaVersion(int value) {
        schemaVersion = value;
        return this;
    }

    public String name() {
        return name;
    }

    public Class<K> keyType() {
        return keyType;
    }

    public Type valueType() {
        return valueType;
    }

    /** Whether the cache loads by itself. */
    public boolean loads() {
        return loader != null || bulkLoader != null;
    }

    /** Whether the cache writes to the database. */
    public boolean writes() {
        return writer != null;
    }

    /** Null if the keys are those that are read, or none. */
    Supplier<? extends Collection<? extends K>> periodicKeys() {
        return periodicKeys;
    }

    CacheOptions options() {
        return new CacheOptions(
                expireAfterWrite,
                staleFor,
                refreshAfterWrite,
                nearCache,
                cacheAbsent,
                expiryJitter,
                maxConcurrentLoads,
                loadWait,
                loadTimeout,
                lease,
                periodicWriteThrough,
                schemaVersion,
                null);
    }

    /** Hands over all that is not an option. */
    void describe(ReadThroughCache.Builder<K, V> builder) {
        if (loader != null) {
            builder.loader(loader);
        }
        if (bulkLoader != null) {
            builder.bulkLoader(bulkLoader);
        }
        if (writer != null) {
            builder.writer(writer);
        }
        if (key != null) {
            builder.key(key);
        }
        if (codec != null) {
            builder.codec(codec);
        }
    }

    @Override
    public String toString() {
        return "cache \"" + name + "\" of " + keyType.getTypeName() + " to " + valueType.getTypeName();
    }
}
