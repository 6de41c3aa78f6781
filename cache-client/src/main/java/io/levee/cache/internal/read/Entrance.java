package io.levee.cache.internal.read;

import static java.util.Objects.requireNonNull;

import io.levee.cache.CacheClosedException;
import io.levee.cache.CacheLoader;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where each call of a cache comes in. What is wrong with it is said here, in this order: null, closed, no loader. */
final class Entrance<K, V> {
    private final String name;
    private final CacheLoader<? super K, ? extends V> loader;
    private volatile boolean closed;

    /** @param loader the cache's own; null if every call brings its own */
    Entrance(String name, CacheLoader<? super K, ? extends V> loader) {
        this.name = name;
        this.loader = loader;
    }

    void check(K key) {
        checkNotNull(key);
        refuseIfClosed();
    }

    /** For calls that say in a future that the cache is closed. */
    void checkNotNull(K key) {
        requireNonNull(key, () -> "cache \"" + name + "\": key must not be null");
    }

    void checkValue(V value) {
        requireNonNull(value, () -> "cache \"" + name + "\": value must not be null");
    }

    /** The keys, each once, in their order. */
    Set<K> distinct(Collection<? extends K> keys) {
        requireNonNull(keys, () -> "cache \"" + name + "\": keys must not be null");
        Set<K> each = new LinkedHashSet<>();
        for (K key : keys) {
            checkNotNull(key);
            each.add(key);
        }
        return each;
    }

    /** The cache's own loader. */
    CacheLoader<? super K, ? extends V> loader() {
        if (loader == null) {
            throw new IllegalStateException(
                    "cache \"" + name + "\" has no loader: build it with loader(...), or call get(key, loader)");
        }
        return loader;
    }

    void refuseIfClosed() {
        if (closed) {
            throw closedException();
        }
    }

    boolean isClosed() {
        return closed;
    }

    CacheClosedException closedException() {
        return new CacheClosedException("cache \"" + name + "\" is closed");
    }

    /** From now on calls are refused. Those that are in go on. */
    void close() {
        closed = true;
    }
}
