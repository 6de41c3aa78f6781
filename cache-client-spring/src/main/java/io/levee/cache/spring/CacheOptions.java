package io.levee.cache.spring;

import java.time.Duration;

/**
 * Settings of a cache, each of which may be missing. {@code levee.caches.<name>.*}, {@code levee.defaults.*} and a {@link
 * CacheDefinition} each are one; {@link io.levee.cache.ReadThroughCache.Builder} says what a setting means.
 *
 * @param expireAfterWrite how long a value is fresh; required, here or among the defaults. 1 ms to 30 d
 * @param staleFor how long after that it may still be served while it is reloaded or cannot be. 0 to 30 d
 * @param refreshAfterWrite a hit older than this is served and refreshed in the background. Less than expire-after-write; 0 for off
 * @param nearCache how long a value is served from this process without asking memcached. At most expire-after-write; 0 for off
 * @param cacheAbsent how long a null is remembered. At most 30 d; 0 for not at all. Unless told, nulls of methods with Spring's cache
 *     annotations are kept as other values are, and nulls of loaders are not kept
 * @param expiryJitter by which share freshness is shortened at random, so that values written together do not end together. 0 to 0.5
 * @param maxConcurrentLoads how many loads of the cache may run at once in this process. 1 to 10000
 * @param loadWait how long a call waits for a load permit, or for another caller's load of its key. 0 to 1 h
 * @param loadTimeout how long callers wait for a load; it then runs on a thread of the client
 * @param lease whether the processes of the fleet agree on which of them loads a key
 * @param periodicWriteThrough which keys are recomputed on a schedule, so that they never fall out of the cache; needs a loader
 * @param schemaVersion which form this release's values have; raise it when values mean something else than before. 0 to 65535; 0 unless
 *     told
 * @param valueType the class of the values of a cache that is used through Spring's cache annotations only, instead of the return
 *     types of its methods
 */
public record CacheOptions(
        Duration expireAfterWrite,
        Duration staleFor,
        Duration refreshAfterWrite,
        Duration nearCache,
        Duration cacheAbsent,
        Double expiryJitter,
        Integer maxConcurrentLoads,
        Duration loadWait,
        LoadTimeout loadTimeout,
        Lease lease,
        PeriodicWriteThrough periodicWriteThrough,
        Integer schemaVersion,
        Class<?> valueType) {

    /** Nothing set. */
    public static final CacheOptions NONE =
            new CacheOptions(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /**
     * How long callers wait for a load.
     *
     * @param soft past it a stale value is served if there is one. 1 ms to hard; as hard unless told
     * @param hard past it the caller gets an exception; the load goes on. 1 ms to 1 h; 0 for no time-out
     */
    public record LoadTimeout(Duration soft, Duration hard) {}

    /**
     * Whether the fleet agrees on who loads.
     *
     * @param enabled whether to ask for leases; without them every process that misses a key loads it
     * @param ttl how long a lease holds at least, in whole seconds. 1 s to 1 h
     */
    public record Lease(Boolean enabled, Duration ttl) {}

    /**
     * Keys that are recomputed on a schedule and written through.
     *
     * @param period how often. 10 ms to less than any value is fresh, which is expire-after-write less expiry-jitter; 0 for off
     * @param keysReadWithin how long after its last read a key is kept warm, where the definition of the cache does not name the keys
     * @param keysReadAtMost how many such keys at most; 10000 unless told. 1 to 100000
     */
    public record PeriodicWriteThrough(Duration period, Duration keysReadWithin, Integer keysReadAtMost) {}
}
