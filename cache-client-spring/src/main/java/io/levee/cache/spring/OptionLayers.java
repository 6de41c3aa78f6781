package io.levee.cache.spring;

import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.CacheOptions.PeriodicWriteThrough;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of one cache, the most special first: those of its own properties, of its definition, of the defaults. Applies them to
 * the cache's builder, and says of one that is refused which property it is.
 */
final class OptionLayers {
    /** A builder's message, as "cache "x": nearCache must be ...", names the setting. */
    private static final Pattern SETTING = Pattern.compile("\": ([a-z][A-Za-z]+) ");

    private static final String DEFAULTS = "levee.defaults";

    private final String cacheName;
    private final List<Layer> layers;

    /**
     * One source of options.
     *
     * @param prefix of its properties; null if they are not properties
     */
    private record Layer(String prefix, CacheOptions options) {}

    /**
     * An option that is set.
     *
     * @param property its full name; null if it was set in code
     */
    record Found<T>(T value, String property) {}

    OptionLayers(String cacheName, CacheOptions own, CacheOptions definition, CacheOptions defaults) {
        this.cacheName = cacheName;
        this.layers = List.of(
                new Layer(prefixOf(cacheName), own), new Layer(null, definition), new Layer(DEFAULTS, defaults));
    }

    /** As it is written: in brackets if it has characters that a plain name must not have. */
    static String prefixOf(String cacheName) {
        return "levee.caches" + (cacheName.matches("[a-z0-9-]+") ? "." + cacheName : "[" + cacheName + "]");
    }

    /**
     * Sets on the builder what is set here.
     *
     * @param loads whether the cache has a loader; one that has none is not kept warm by what the defaults say for all
     * @param periodicKeys the definition's; null if there are none
     */
    <K> void applyTo(
            ReadThroughCache.Builder<K, ?> builder,
            boolean loads,
            Supplier<? extends Collection<? extends K>> periodicKeys) {
        apply("expire-after-write", CacheOptions::expireAfterWrite, builder::expireAfterWrite);
        apply("stale-for", CacheOptions::staleFor, builder::staleFor);
        applyUnlessZero("refresh-after-write", CacheOptions::refreshAfterWrite, builder::refreshAfterWrite);
        applyUnlessZero("near-cache", CacheOptions::nearCache, builder::nearCache);
        applyUnlessZero("cache-absent", CacheOptions::cacheAbsent, builder::cacheAbsent);
        apply("expiry-jitter", CacheOptions::expiryJitter, builder::expiryJitter);
        apply("max-concurrent-loads", CacheOptions::maxConcurrentLoads, builder::maxConcurrentLoads);
        apply("load-wait", CacheOptions::loadWait, builder::loadWait);
        apply("schema-version", CacheOptions::schemaVersion, builder::schemaVersion);
        applyLoadTimeout(builder);
        applyLease(builder);
        applyPeriodicWriteThrough(builder, loads, periodicKeys);
    }

    /** What the layers say of an option, or null. */
    <T> Found<T> find(String leaf, Function<CacheOptions, T> option) {
        for (Layer layer : layers) {
            T value = option.apply(layer.options());
            if (value != null) {
                return new Found<>(value, layer.prefix() == null ? null : layer.prefix() + "." + leaf);
            }
        }
        return null;
    }

    /** Builds, and says of settings that contradict each other which property is named first. */
    <K, V> ReadThroughCache<K, V> build(ReadThroughCache.Builder<K, V> builder) {
        if (find("expire-after-write", CacheOptions::expireAfterWrite) == null) {
            throw missing("expire-after-write");
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            Matcher setting = SETTING.matcher(String.valueOf(e.getMessage()));
            throw refused(setting.find() ? propertyOf(setting.group(1)) : null, e);
        }
    }

    private LeveeConfigurationException missing(String leaf) {
        return new LeveeConfigurationException(
                prefixOf(cacheName) + "." + leaf,
                "Cache \"" + cacheName + "\" does not say how long its values are fresh.",
                "Write " + prefixOf(cacheName) + "." + leaf + "=10m for this cache, or levee.defaults." + leaf
                        + "=10m for all; only you know how old a value may be.",
                null);
    }

    private <T> void apply(String leaf, Function<CacheOptions, T> option, Consumer<T> setting) {
        Found<T> found = find(leaf, option);
        if (found != null) {
            set(found, setting);
        }
    }

    /** Zero switches off what a more general layer has switched on. */
    private void applyUnlessZero(String leaf, Function<CacheOptions, Duration> option, Consumer<Duration> setting) {
        Found<Duration> found = find(leaf, option);
        if (found != null && !found.value().isZero()) {
            set(found, setting);
        }
    }

    private void applyLoadTimeout(ReadThroughCache.Builder<?, ?> builder) {
        Found<Duration> soft = find(
                "load-timeout.soft",
                o -> o.loadTimeout() == null ? null : o.loadTimeout().soft());
        Found<Duration> hard = find(
                "load-timeout.hard",
                o -> o.loadTimeout() == null ? null : o.loadTimeout().hard());
        if (hard == null && soft != null) {
            throw refused(
                    soft.property(),
                    new IllegalArgumentException(
                            "cache \"" + cacheName + "\": loadTimeout soft is given, but loadTimeout hard is not"));
        }
        if (hard != null && !hard.value().isZero()) {
            Duration softValue = soft == null ? hard.value() : soft.value();
            try {
                builder.loadTimeout(softValue, hard.value());
            } catch (IllegalArgumentException e) {
                boolean isSoft = soft != null && e.getMessage().contains("loadTimeout soft");
                throw refused((isSoft ? soft : hard).property(), e);
            }
        }
    }

    private void applyLease(ReadThroughCache.Builder<?, ?> builder) {
        Found<Boolean> enabled =
                find("lease.enabled", o -> o.lease() == null ? null : o.lease().enabled());
        Found<Duration> ttl =
                find("lease.ttl", o -> o.lease() == null ? null : o.lease().ttl());
        LeasePolicy usual = LeasePolicy.on();
        if (ttl != null) {
            set(ttl, value -> builder.lease(new LeasePolicy(enabled == null || enabled.value(), value)));
        } else if (enabled != null) {
            builder.lease(new LeasePolicy(enabled.value(), usual.ttl()));
        }
    }

    private <K> void applyPeriodicWriteThrough(
            ReadThroughCache.Builder<K, ?> builder,
            boolean loads,
            Supplier<? extends Collection<? extends K>> periodicKeys) {
        Found<Duration> period = periodic("period", PeriodicWriteThrough::period);
        Found<Duration> within = periodic("keys-read-within", PeriodicWriteThrough::keysReadWithin);
        Found<Integer> atMost = periodic("keys-read-at-most", PeriodicWriteThrough::keysReadAtMost);
        if (period == null
                || period.value().isZero()
                || (!loads && String.valueOf(period.property()).startsWith(DEFAULTS))) {
            return;
        }
        if (periodicKeys != null) {
            set(period, value -> builder.periodicWriteThrough(value, periodicKeys));
        } else if (within == null) {
            throw new LeveeConfigurationException(
                    period.property(),
                    "The periodic write-through of cache \"" + cacheName + "\" has a period, but no keys.",
                    "Write " + prefixOf(cacheName) + ".periodic-write-through.keys-read-within=10m to keep warm what is"
                            + " read, or name the keys in the cache's definition.",
                    null);
        } else {
            KeysReadPolicy[] keys = new KeysReadPolicy[1];
            set(within, value -> keys[0] = KeysReadPolicy.keysReadWithin(value));
            if (atMost != null) {
                set(atMost, value -> keys[0] = keys[0].atMost(value));
            }
            set(period, value -> builder.periodicWriteThrough(value, keys[0]));
        }
    }

    private <T> Found<T> periodic(String leaf, Function<PeriodicWriteThrough, T> option) {
        return find(
                "periodic-write-through." + leaf,
                o -> o.periodicWriteThrough() == null ? null : option.apply(o.periodicWriteThrough()));
    }

    private <T> void set(Found<T> found, Consumer<T> setting) {
        try {
            setting.accept(found.value());
        } catch (IllegalArgumentException e) {
            throw refused(found.property(), e);
        }
    }

    /** Which property it was that set what a builder names; null if none did. */
    private String propertyOf(String setting) {
        Found<?> found = switch (setting) {
            case "expireAfterWrite" -> find("expire-after-write", CacheOptions::expireAfterWrite);
            case "refreshAfterWrite" -> find("refresh-after-write", CacheOptions::refreshAfterWrite);
            case "nearCache" -> find("near-cache", CacheOptions::nearCache);
            case "periodicWriteThrough" -> periodic("period", PeriodicWriteThrough::period);
            case "keysReadWithin" -> periodic("keys-read-within", PeriodicWriteThrough::keysReadWithin);
            default -> null;
        };
        return found == null ? null : found.property();
    }

    /** With the property if it was one that set it; else the builder's own words. */
    private static RuntimeException refused(String property, IllegalArgumentException cause) {
        return property == null ? cause : LeveeConfigurationException.refused(property, cause);
    }
}
