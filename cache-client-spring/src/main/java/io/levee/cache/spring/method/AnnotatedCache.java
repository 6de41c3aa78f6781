package io.levee.cache.spring.method;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.ValueType;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.cache.KeyText;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The methods that load one cache, and what they together say of it. */
final class AnnotatedCache {
    private final String name;
    private final List<Loader> loaders = new ArrayList<>();

    /** @param bean the bean whose method it is */
    record Loader(ReadThroughMethod method, String bean) {}

    AnnotatedCache(String name) {
        this.name = name;
    }

    /**
     * Adds a method.
     *
     * @throws LeveeConfigurationException if it contradicts one that is there
     */
    void add(ReadThroughMethod method, String bean) {
        for (Loader there : loaders) {
            ReadThroughMethod other = there.method();
            if (!other.valueType().equals(method.valueType())) {
                throw contradiction(method, other, "type of values", method.valueType(), other.valueType());
            }
            agree(method, other, "expireAfterWrite", CacheOptions::expireAfterWrite);
            agree(method, other, "staleFor", CacheOptions::staleFor);
            agree(method, other, "refreshAfterWrite", CacheOptions::refreshAfterWrite);
            agree(method, other, "nearCache", CacheOptions::nearCache);
            agree(method, other, "cacheAbsent", CacheOptions::cacheAbsent);
            if (method.periodic() != null && other.periodic() != null) {
                throw MethodReader.wrong(
                        method.named(),
                        "has @PeriodicWriteThrough for cache \"" + name + "\", and "
                                + (method.equals(other)
                                        ? "there are two beans of it, " + there.bean() + " and " + bean
                                        : "so has " + other.named()),
                        "Use two caches, or remove one of the annotations.");
            }
        }
        loaders.add(new Loader(method, bean));
    }

    private void agree(
            ReadThroughMethod method,
            ReadThroughMethod other,
            String setting,
            Function<CacheOptions, Duration> option) {
        Duration here = option.apply(method.settings());
        Duration there = option.apply(other.settings());
        if (here != null && there != null && !here.equals(there)) {
            throw contradiction(method, other, setting, here, there);
        }
    }

    private LeveeConfigurationException contradiction(
            ReadThroughMethod method, ReadThroughMethod other, String what, Object here, Object there) {
        return MethodReader.wrong(
                method.named(),
                "gives cache \"" + name + "\" another " + what + " than " + other.named() + " does: " + text(here)
                        + " and " + text(there),
                "Write it at one of them, or use two caches.");
    }

    private static String text(Object value) {
        return value instanceof Type type ? type.getTypeName() : value.toString();
    }

    /** What the cache's keys are: of one type whose text the core knows, or whatever Spring makes of arguments. */
    @SuppressWarnings("unchecked") // a key type is an object's
    private Class<Object> keyType() {
        Class<?> first = loaders.get(0).method().keyType();
        return (Class<Object>)
                (loaders.stream().allMatch(loader -> loader.method().keyType() == first) ? first : Object.class);
    }

    /** @throws LeveeConfigurationException which names the method, if the cache cannot be as it is described */
    ReadThroughCache<Object, Object> build(
            LeveeCaches caches, MethodReader reader, ConfigurableListableBeanFactory beans) {
        CacheDefinition<Object, Object> definition = CacheDefinition.of(
                name, keyType(), ValueType.of(loaders.get(0).method().valueType()));
        if (keyType() == Object.class) {
            definition.key(key -> KeyText.of(name, key));
        }
        setting(CacheOptions::expireAfterWrite, definition::expireAfterWrite);
        setting(CacheOptions::staleFor, definition::staleFor);
        setting(CacheOptions::refreshAfterWrite, definition::refreshAfterWrite);
        setting(CacheOptions::nearCache, definition::nearCache);
        setting(CacheOptions::cacheAbsent, definition::cacheAbsent);
        Loader periodic = only(loader -> loader.method().periodic() != null);
        if (periodic != null) {
            new WarmKeys(periodic.method(), reader, beans).describe(periodic.bean(), definition);
        }
        ownLoaders(periodic, beans, definition);
        return built(caches, definition);
    }

    private void ownLoaders(
            Loader periodic, ConfigurableListableBeanFactory beans, CacheDefinition<Object, Object> definition) {
        Loader single = periodic != null
                ? periodic
                : only(loader -> runsBySelf(loader, beans) && !loader.method().isBulk());
        Loader bulk =
                only(loader -> runsBySelf(loader, beans) && loader.method().isBulk());
        if (single != null) {
            definition.loader(new OwnLoads(single.method(), beans, single.bean()));
        }
        if (bulk != null) {
            definition.bulkLoader(new OwnLoads(bulk.method(), beans, bulk.bean()));
        }
    }

    private static boolean runsBySelf(Loader loader, ConfigurableListableBeanFactory beans) {
        return loader.method().runsByKey() && beans.containsBean(loader.bean()) && beans.isSingleton(loader.bean());
    }

    /** Null if there is none or more than one: then it is not known whose value it would be. */
    private Loader only(Predicate<Loader> such) {
        List<Loader> found = loaders.stream().filter(such).toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private void setting(Function<CacheOptions, Duration> option, Consumer<Duration> to) {
        loaders.stream()
                .map(loader -> option.apply(loader.method().settings()))
                .filter(value -> value != null)
                .findFirst()
                .ifPresent(to);
    }

    private ReadThroughCache<Object, Object> built(LeveeCaches caches, CacheDefinition<Object, Object> definition) {
        String whose = "Method " + loaders.get(0).method().named() + " loads cache \"" + name + "\": ";
        try {
            return caches.build(definition);
        } catch (LeveeConfigurationException e) {
            throw new LeveeConfigurationException(e.property(), whose + e.description(), e.action(), e);
        } catch (IllegalArgumentException e) {
            throw new LeveeConfigurationException(
                    null,
                    whose + e.getMessage() + ".",
                    "Change its annotation; the properties of levee.caches with the cache's name have precedence over it.",
                    e);
        }
    }
}
