package io.levee.cache;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Loads many values at once, usually with one query.
 *
 * <p>Called on one thread, under one load permit, with the keys of a {@link ReadThroughCache#getAll} that no tier had. Takes part in
 * all that a {@link CacheLoader} does: at most one load per key at a time, the bound, the hold-back of keys that failed.
 */
@FunctionalInterface
public interface BulkLoader<K, V> {
    /**
     * Returns the values of {@code keys}. A key that is not in the map, or is there with null, is an absence, as a {@code CacheLoader}'s
     * null is. Keys that were not asked for are ignored.
     *
     * @param keys at least one, each once; may not be changed
     * @return never null
     * @throws Exception if they could not be loaded; then none of them was
     */
    Map<? extends K, ? extends V> loadAll(Collection<? extends K> keys) throws Exception;

    /** This loader for single keys: null where the map has none. */
    default CacheLoader<K, V> single() {
        return key -> loadAll(List.of(key)).get(key);
    }
}
