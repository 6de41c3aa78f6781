package io.levee.cache;

/**
 * The loader failed and there was no stale value to serve instead. The cause is the loader's own exception.
 */
public final class LoadException extends CacheException {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }

    public LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
