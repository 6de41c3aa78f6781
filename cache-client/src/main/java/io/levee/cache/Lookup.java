package io.levee.cache;

import java.time.Duration;

/**
 * A value with where it came from and how old it is.
 *
 * @param value the value; null if and only if the source is {@link Source#ABSENT}
 * @param source which tier answered
 * @param age how long ago the value was loaded or put, by the clock of the process that wrote it; never negative
 */
public record Lookup<V>(V value, Source source, Duration age) {
    /** Where a value came from. */
    public enum Source {
        /** This process, without asking memcached: the value is younger than {@code nearCache}. */
        NEAR,
        /** Memcached, and fresh. */
        MEMCACHED,
        /** Past its freshness but within {@code staleFor}, from memcached or from this process. */
        STALE,
        /** This process, because the key's node could not be asked; still fresh. */
        FALLBACK,
        /** The loader, in this call or in another caller's that this one waited for. */
        LOADED,
        /** There is no value: the loader returned null, now or within {@code cacheAbsent}. */
        ABSENT
    }
}
