package io.levee.cache;

import java.time.Duration;

/**
 * The settings of one cache, checked and complete. Immutable. {@link ReadThroughCache.Builder} says what each one means.
 *
 * @param refreshAfterWrite zero for off
 * @param nearCache zero for off
 * @param cacheAbsent zero for off
 * @param periodicWriteThrough the period; zero for off
 * @param keysRead which keys are kept warm; null if they are given, or none are
 * @param schemaVersion what values mean, as far as releases of the application disagree on it
 * @param softLoadTimeout zero for none; then {@code hardLoadTimeout} is zero too
 */
public record CacheSettings(
        String name,
        Duration expireAfterWrite,
        Duration staleFor,
        Duration refreshAfterWrite,
        Duration nearCache,
        Duration cacheAbsent,
        double expiryJitter,
        int maxConcurrentLoads,
        Duration loadWait,
        Duration softLoadTimeout,
        Duration hardLoadTimeout,
        LeasePolicy lease,
        Duration periodicWriteThrough,
        KeysReadPolicy keysRead,
        int schemaVersion) {
    /** For how long a value is fresh at least: {@code expireAfterWrite} less the most that {@code expiryJitter} takes away. */
    public Duration leastFresh() {
        long fullMillis = expireAfterWrite.toMillis();
        return Duration.ofMillis(fullMillis - (long) (fullMillis * expiryJitter));
    }
}
