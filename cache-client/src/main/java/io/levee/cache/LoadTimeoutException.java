package io.levee.cache;

/**
 * A load, one's own or another caller's that this call waited for, took longer than the settings allow, and there was no
 * stale value to serve instead. The load itself goes on, and its value is cached when it arrives.
 */
public final class LoadTimeoutException extends CacheException {
    private static final long serialVersionUID = 1L;

    public LoadTimeoutException(String message) {
        super(message);
    }

    public LoadTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
