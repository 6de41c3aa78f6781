package io.levee.cache;

/**
 * The {@link CacheWriter} failed, and so nothing was changed in the cache. The cause is the writer's own exception. If that was an
 * {@link InterruptedException}, the thread's interrupt flag is set.
 */
public final class WriteException extends CacheException {
    private static final long serialVersionUID = 1L;

    public WriteException(String message) {
        super(message);
    }

    public WriteException(String message, Throwable cause) {
        super(message, cause);
    }
}
