package io.levee.cache;

/**
 * Loads the value of one key from its source of truth, usually a database.
 *
 * <p><b>Calling thread.</b> Without {@link ReadThroughCache.Builder#loadTimeout load timeouts}, the thread that called
 * {@code get}; with them, and for background refreshes and {@code getAsync}, a daemon thread named {@code
 * levee-<client>-loader-<n>}, a virtual one with the client's setting {@code virtualLoaderThreads}. It may block. At most {@link ReadThroughCache.Builder#maxConcurrentLoads
 * maxConcurrentLoads} loads of one cache run at once in a process.
 *
 * <p><b>Context.</b> With Micrometer's context-propagation on the class path, a loader on a thread of the client finds the thread-local
 * values of its caller that are registered there, as they were at the call; of several callers who share a load, those of the first. Without
 * it, and for loads that the client starts by itself, it finds none.
 *
 * <p><b>Interrupt.</b> On the calling thread a loader gets the caller's interrupt itself; on a thread of the client it is interrupted only
 * when the client is closed.
 *
 * <p><b>Re-entry.</b> A loader may read other keys and other caches; loads of the same cache that it starts run under free permits if
 * there are any, and else take turns with its own, so that a bound does not make loaders wait for each other. Loaders of two caches that read
 * each other may: then one is rejected after {@code loadWait}. A loader that asks, on its own thread, for the very key it is loading gets an {@link
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
