package io.levee.cache.client;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.CacheWriter;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.KeyEncoder;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Collects the settings of one cache and checks them. */
final class CacheBuilder<K, V> implements ReadThroughCache.Builder<K, V> {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    /** Beyond 30 days memcached takes a time to live for a date, and a cached value for the truth. */
    private static final Duration MONTH = Duration.ofDays(30);

    private final Assembly assembly;
    private final String name;
    private final Class<K> keyType;
    private final Type valueType;
    private final Bounds bounds;

    private CacheLoader<? super K, ? extends V> loader;
    private BulkLoader<K, V> bulkLoader;
    private CacheWriter<? super K, ? super V> writer;
    private Function<? super K, String> key;
    private Codec<V> codec;
    private Duration expireAfterWrite;
    private Duration staleFor = HOUR;
    private Duration refreshAfterWrite = Duration.ZERO;
    private Duration nearCache = Duration.ZERO;
    private Duration cacheAbsent = Duration.ZERO;
    private double expiryJitter = 0.1;
    private int maxConcurrentLoads = 16;
    private Duration loadWait = Duration.ofSeconds(1);
    private Duration softLoadTimeout = Duration.ZERO;
    private Duration hardLoadTimeout = Duration.ZERO;
    private LeasePolicy lease = LeasePolicy.on();
    private Duration periodicWriteThrough = Duration.ZERO;
    private Supplier<? extends Collection<? extends K>> periodicKeys;
    private KeysReadPolicy keysRead;
    private int schemaVersion;

    CacheBuilder(Assembly assembly, String name, Class<K> keyType, Type valueType) {
        if (name == null || name.isBlank() || name.length() > 100) {
            throw new IllegalArgumentException("cache name must be 1 to 100 characters, but is \"" + name + "\"");
        }
        if (keyType == null || valueType == null) {
            throw new IllegalArgumentException(
                    "cache \"" + name + "\": " + (keyType == null ? "key type" : "value type") + " must not be null");
        }
        this.assembly = assembly;
        this.name = name;
        this.keyType = boxed(keyType);
        this.valueType = valueType instanceof Class<?> plain ? boxed(plain) : valueType;
        this.bounds = new Bounds("cache \"" + name + "\"");
    }

    /** Kotlin's {@code Long::class.java} is the primitive {@code long}, whose values and keys are Long all the same. */
    @SuppressWarnings("unchecked") // long.class is a Class<Long>
    private static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    @Override
    public CacheBuilder<K, V> loader(CacheLoader<? super K, ? extends V> cacheLoader) {
        loader = bounds.present("loader", cacheLoader);
        return this;
    }

    @Override
    public CacheBuilder<K, V> bulkLoader(BulkLoader<K, V> loader) {
        bulkLoader = bounds.present("bulkLoader", loader);
        return this;
    }

    @Override
    public CacheBuilder<K, V> writer(CacheWriter<? super K, ? super V> cacheWriter) {
        writer = bounds.present("writer", cacheWriter);
        return this;
    }

    @Override
    public CacheBuilder<K, V> key(Function<? super K, String> text) {
        key = bounds.present("key", text);
        return this;
    }

    @Override
    public CacheBuilder<K, V> codec(Codec<V> valueCodec) {
        codec = bounds.present("codec", valueCodec);
        return this;
    }

    @Override
    public CacheBuilder<K, V> expireAfterWrite(Duration fresh) {
        expireAfterWrite = bounds.duration("expireAfterWrite", fresh, MILLI, MONTH);
        return this;
    }

    @Override
    public CacheBuilder<K, V> staleFor(Duration stale) {
        staleFor = bounds.duration("staleFor", stale, Duration.ZERO, MONTH);
        return this;
    }

    @Override
    public CacheBuilder<K, V> refreshAfterWrite(Duration age) {
        refreshAfterWrite = bounds.duration("refreshAfterWrite", age, MILLI, MONTH);
        return this;
    }

    @Override
    public CacheBuilder<K, V> nearCache(Duration near) {
        nearCache = bounds.duration("nearCache", near, MILLI, MONTH);
        return this;
    }

    @Override
    public CacheBuilder<K, V> cacheAbsent(Duration absent) {
        cacheAbsent = bounds.duration("cacheAbsent", absent, MILLI, MONTH);
        return this;
    }

    @Override
    public CacheBuilder<K, V> expiryJitter(double share) {
        expiryJitter = bounds.share("expiryJitter", share, 0.5);
        return this;
    }

    @Override
    public CacheBuilder<K, V> maxConcurrentLoads(int loads) {
        maxConcurrentLoads = bounds.count("maxConcurrentLoads", loads, 1, 10_000);
        return this;
    }

    @Override
    public CacheBuilder<K, V> loadWait(Duration wait) {
        loadWait = bounds.duration("loadWait", wait, Duration.ZERO, HOUR);
        return this;
    }

    @Override
    public CacheBuilder<K, V> loadTimeout(Duration soft, Duration hard) {
        bounds.once("loadTimeout");
        hardLoadTimeout = bounds.check("loadTimeout hard", hard, MILLI, HOUR);
        softLoadTimeout = bounds.check("loadTimeout soft", soft, MILLI, hard);
        return this;
    }

    @Override
    public CacheBuilder<K, V> lease(LeasePolicy policy) {
        lease = bounds.present("lease", policy);
        return this;
    }

    @Override
    public CacheBuilder<K, V> schemaVersion(int version) {
        schemaVersion = bounds.count("schemaVersion", version, 0, EntryHeader.MAX_SCHEMA_VERSION);
        return this;
    }

    @Override
    public CacheBuilder<K, V> periodicWriteThrough(Duration period, Collection<? extends K> keys) {
        period(period);
        List<K> fixed = new ArrayList<>(bounds.present("periodicWriteThrough keys", keys));
        if (fixed.contains(null)) {
            throw bounds.wrong("periodicWriteThrough keys", "null", "keys that are not null");
        }
        if (fixed.size() > KeysReadPolicy.MOST_KEYS) {
            throw bounds.wrong("periodicWriteThrough keys", fixed.size(), "at most " + KeysReadPolicy.MOST_KEYS);
        }
        periodicKeys = () -> fixed;
        return this;
    }

    @Override
    public CacheBuilder<K, V> periodicWriteThrough(Duration period, Supplier<? extends Collection<? extends K>> keys) {
        period(period);
        periodicKeys = bounds.present("periodicWriteThrough keys", keys);
        return this;
    }

    @Override
    public CacheBuilder<K, V> periodicWriteThrough(Duration period, KeysReadPolicy keys) {
        period(period);
        keysRead = bounds.present("periodicWriteThrough keys", keys);
        return this;
    }

    private void period(Duration period) {
        periodicWriteThrough = bounds.duration("periodicWriteThrough", period, Duration.ofMillis(10), MONTH);
    }

    @Override
    public ReadThroughCache<K, V> build() {
        CacheSettings settings = settings();
        String prefix = assembly.settings().keyPrefix();
        KeyEncoder<K> keys = key != null ? KeyEncoder.of(prefix, name, key) : KeyEncoder.of(prefix, name, keyType);
        return assembly.cache(
                settings,
                new CacheDefinition<>(
                        keys,
                        assembly.codec(name, codec, valueType),
                        singleLoader(),
                        bulkLoader,
                        writer,
                        periodicKeys));
    }

    /** Null if every call brings its own. */
    private CacheLoader<? super K, ? extends V> singleLoader() {
        return loader != null || bulkLoader == null ? loader : bulkLoader.single();
    }

    /** Checks the settings against each other. */
    CacheSettings settings() {
        if (expireAfterWrite == null) {
            throw new IllegalArgumentException("cache \"" + name + "\": expireAfterWrite must be given");
        }
        if (refreshAfterWrite.compareTo(expireAfterWrite) >= 0) {
            throw bounds.wrong(
                    "refreshAfterWrite",
                    refreshAfterWrite,
                    "less than expireAfterWrite, " + Bounds.text(expireAfterWrite));
        }
        if (nearCache.compareTo(expireAfterWrite) > 0) {
            throw bounds.wrong("nearCache", nearCache, "at most expireAfterWrite, " + Bounds.text(expireAfterWrite));
        }
        CacheSettings settings = new CacheSettings(
                name,
                expireAfterWrite,
                staleFor,
                refreshAfterWrite,
                nearCache,
                cacheAbsent,
                expiryJitter,
                maxConcurrentLoads,
                loadWait,
                softLoadTimeout,
                hardLoadTimeout,
                lease,
                periodicWriteThrough,
                keysRead,
                schemaVersion);
        if (!nearCache.isZero()) {
            requireLocalTier("nearCache");
        }
        if (!periodicWriteThrough.isZero()) {
            checkPeriod(settings);
        }
        return settings;
    }

    private void checkPeriod(CacheSettings settings) {
        if (loader == null && bulkLoader == null) {
            throw new IllegalArgumentException(
                    "cache \"" + name + "\": periodicWriteThrough needs a loader of the cache's own");
        }
        if (periodicWriteThrough.compareTo(settings.leastFresh()) >= 0) {
            throw bounds.wrong(
                    "periodicWriteThrough",
                    periodicWriteThrough,
                    "less than the time that every value is fresh, " + Bounds.text(settings.leastFresh())
                            + " (expireAfterWrite less expiryJitter)");
        }
        if (keysRead != null && keysRead.within().compareTo(periodicWriteThrough) < 0) {
            throw bounds.wrong(
                    "keysReadWithin",
                    keysRead.within(),
                    "at least the period of periodicWriteThrough, " + Bounds.text(periodicWriteThrough));
        }
        requireLocalTier("periodicWriteThrough");
    }

    private void requireLocalTier(String setting) {
        if (assembly.settings().localBytes() == 0) {
            throw new IllegalArgumentException("cache \"" + name + "\": " + setting
                    + " keeps values in this process, but the client's localBytes is 0");
        }
    }
}
