package io.levee.cache.spring.cache;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.LeveeConfigurationException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.PatternMatchUtils;

/**
 * Levee's caches for Spring's cache abstraction: those that beans define, those that {@code levee.caches} names, and those that {@code
 * levee.dynamic-caches} allows. There are no others.
 *
 * <p>Thread-safe.
 */
public final class LeveeCacheManager implements CacheManager, SmartInitializingSingleton, AutoCloseable {
    private final LeveeCaches caches;
    private final Supplier<List<ReadThroughCache<?, ?>>> beans;
    private final Optional<Codec<?>> clientCodec;
    private final String[] dynamic;
    private final CallerThreads threads = new CallerThreads();
    private final Map<String, Cache> byName = new ConcurrentHashMap<>();
    private final Map<String, ValueTypes> types = new ConcurrentHashMap<>();
    private final Map<String, LeveeConfigurationException> problems = new ConcurrentHashMap<>();
    private final CachedMethods methods;
    private volatile boolean begun;

    /**
     * A manager of these caches. Does not make any yet.
     *
     * @param beans the caches that are beans; asked once, when all beans are made or when the first cache is asked for
     * @param methods what keeps values in the caches
     * @param clientCodec what the client was given, if anything
     * @param dynamic patterns of names
     */
    public LeveeCacheManager(
            LeveeCaches caches,
            Supplier<List<ReadThroughCache<?, ?>>> beans,
            CachedMethods methods,
            Optional<Codec<?>> clientCodec,
            Collection<String> dynamic) {
        this.caches = caches;
        this.beans = beans;
        this.methods = methods;
        this.clientCodec = clientCodec;
        this.dynamic = dynamic.toArray(String[]::new);
    }

    /** Null if there is no such cache, of which Spring makes its usual exception. */
    @Override
    public Cache getCache(String name) {
        begin();
        Cache cache = byName.get(name);
        if (cache == null && PatternMatchUtils.simpleMatch(dynamic, name)) {
            cache = byName.computeIfAbsent(name, this::annotated);
        }
        return cache;
    }

    @Override
    public Collection<String> getCacheNames() {
        begin();
        return new TreeSet<>(byName.keySet());
    }

    @Override
    public void afterSingletonsInstantiated() {
        begin();
    }

    /** A type that does not fit is only a problem if the cache turns out to be one that lives by its methods' types. */
    private void declare(CachedMethods.Declaration declaration) {
        String name = declaration.cache();
        try {
            typesOf(name).declare(declaration.type(), declaration.method());
        } catch (LeveeConfigurationException e) {
            problems.putIfAbsent(name, e);
            if (byName.get(name) instanceof LeveeCache cache && cache.livesByDeclaredTypes()) {
                throw e;
            }
        }
    }

    private synchronized void begin() {
        if (begun) {
            return;
        }
        methods.listen(this::declare);
        for (ReadThroughCache<?, ?> bean : beans.get()) {
            byName.putIfAbsent(bean.name(), defined(bean));
        }
        for (String name : caches.configuredNames()) {
            byName.computeIfAbsent(name, this::annotated);
        }
        begun = true;
    }

    @SuppressWarnings("unchecked") // keys and values are checked against the definition, if there is one
    private Cache defined(ReadThroughCache<?, ?> cache) {
        if (caches.configured(cache.name()).valueType() != null) {
            throw new LeveeConfigurationException(
                    "levee.caches." + cache.name() + ".value-type",
                    "A bean defines cache \"" + cache.name() + "\" and the type of its values.",
                    "Remove levee.caches." + cache.name() + ".value-type.",
                    null);
        }
        Optional<CacheDefinition<?, ?>> definition = caches.definition(cache.name());
        Function<Object, Object> keys = definition
                .<Function<Object, Object>>map(d -> key -> ofType(d, key))
                .orElse(key -> key);
        // Of a cache that was built by hand it is not known.
        boolean writes = definition.map(CacheDefinition::writes).orElse(true);
        boolean loads = definition.map(CacheDefinition::loads).orElse(false);
        return new LeveeCache(
                (ReadThroughCache<Object, Object>) cache,
                new LeveeCache.Traits(keys, loads, writes, false, false),
                threads);
    }

    private static Object ofType(CacheDefinition<?, ?> definition, Object key) {
        if (!ClassUtils.isAssignableValue(definition.keyType(), key)) {
            throw new IllegalArgumentException("cache \"" + definition.name() + "\" has keys of type "
                    + definition.keyType().getName() + ", but this key is a "
                    + (key == null ? "null" : key.getClass().getName())
                    + "; name the key with the annotation's key attribute");
        }
        return key;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // its keys are texts, which are objects
    private Cache annotated(String name) {
        LeveeConfigurationException problem = problems.get(name);
        if (problem != null) {
            throw problem;
        }
        ReadThroughCache<String, Object> cache = caches.build(
                CacheDefinition.of(name, String.class, Object.class).codec(new NullableCodec(typesOf(name))));
        Duration absent = option(name, CacheOptions::cacheAbsent);
        return new LeveeCache(
                (ReadThroughCache) cache,
                new LeveeCache.Traits(key -> KeyText.of(name, key), false, false, true, absent == null),
                threads);
    }

    private ValueTypes typesOf(String name) {
        return types.computeIfAbsent(
                name, unused -> new ValueTypes(name, clientCodec, option(name, CacheOptions::valueType)));
    }

    private <T> T option(String name, Function<CacheOptions, T> option) {
        T own = option.apply(caches.configured(name));
        return own != null ? own : option.apply(caches.defaults());
    }

    @Override
    public void close() {
        threads.close();
    }
}
