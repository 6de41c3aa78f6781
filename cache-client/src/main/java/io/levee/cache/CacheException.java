package io.levee.cache;

/**
 * What a cache throws when it cannot give a value, or could not write one to the database. It speaks of loads and of the database only:
 * a fault of memcached is never thrown, it degrades, is counted and is reported.
 *
 * <p>The family: {@link LoadException} (the loader failed), {@link LoadTimeoutException} (it took too long), {@link
 * LoadRejectedException} (too many loads already), {@link WriteException} (the writer failed), {@link CacheClosedException}.
 */
public class CacheException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CacheException(String message) {
        super(message);
    }

    public CacheException(String message, Throwable cause) {
        super(message, cause);
    }
}
