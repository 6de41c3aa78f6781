package io.levee.cache;

/**
 * The bound on concurrent loads was reached, no permit came free in time, and there was no stale value to serve instead.
 */
public final class LoadRejectedException extends CacheException {
    private static final long serialVersionUID = 1L;

    public LoadRejectedException(String message) {
        super(message);
    }

    public LoadRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
