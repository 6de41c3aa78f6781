package io.levee.cache.internal.load;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;

/**
 * Remembers for a short while which keys could not be loaded, so that a database in trouble is not asked for the same key by
 * every request that comes in.
 */
final class FailureMemory {
    private static final Duration HOLD = Duration.ofSeconds(1);
    private static final int MOST_KEYS = 10_000;

    private final Cache<Object, Throwable> failures;

    FailureMemory(TimeSource time) {
        failures = Caffeine.newBuilder()
                .expireAfterWrite(HOLD)
                .maximumSize(MOST_KEYS)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** Why the key's last load failed if that was just now, or null. */
    Throwable recent(Object key) {
        return failures.getIfPresent(key);
    }

    void failed(Object key, Throwable cause) {
        failures.put(key, cause);
    }

    void forget(Object key) {
        failures.invalidate(key);
    }
}
