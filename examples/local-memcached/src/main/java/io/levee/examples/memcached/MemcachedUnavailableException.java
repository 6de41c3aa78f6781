package io.levee.examples.memcached;

/** There is no memcached to be had here, or it did not start. The message says what to do about it. */
public final class MemcachedUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MemcachedUnavailableException(String message) {
        super(message);
    }

    public MemcachedUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
