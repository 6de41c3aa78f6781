package io.levee.cache;

/**
 * Loads the value of one key from its source of truth, usually a database.
 *
 * <p><b>Calling thread.</b> Without {@link ReadThroughCache.Builder#loadTimeout load timeouts}, the thread that called
 * {@code get}; with them, and for background refreshes and {@code getAsync}, a daemon thread named {@code
 * levee-<client>-loader-<n>}. It may block. At most {@link ReadThroughCache.Builder#maxConcurrentLoads
 * maxConcurrentLoads} loads of one cache run at once in a process.
 *
 * <p><b>Re-entry.</b> A loader may read other keys and other caches; loads of the same cache that it starts run under free permits if
 * there are any, and else take turns with its own. A loader that asks, on its own thread, for the very key it is loading gets an {@link
 * IllegalStateException}.
 */
@FunctionalInterface
public interface CacheLoader<K, V> {
    /**
     * Returns the value of {@code key}, or null if there is none. A null is returned to the caller, and remembered only if
     * {@link ReadThroughCache.Builder#cacheAbsent cacheAbsent} is set.
     *
     * @param key never null
     * @throws Exception to say that the value could not be had. It is not retried. The callers that waited for it get a
     *     stale value if there is one, and a {@link LoadException} with this exception as its cause if there is not.
     */
    V load(K key) throws Exception;
}
