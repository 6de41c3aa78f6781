package io.levee.cache;

/**
 * The client was closed. Thrown by calls made after {@code close()}, and by calls that were waiting when it came.
 */
public final class CacheClosedException extends CacheException {
    private static final long serialVersionUID = 1L;

    public CacheClosedException(String message) {
        super(message);
    }

    public CacheClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
