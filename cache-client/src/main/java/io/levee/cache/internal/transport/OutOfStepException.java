package io.levee.cache.internal.transport;

import java.io.IOException;

/**
 * The bytes that came are not the answer to the request they came for. Nothing that follows on this connection can be
 * trusted, so it ends. Thrown into spymemcached's I/O loop, which gives the connection up for any IOException.
 */
final class OutOfStepException extends IOException {
    private static final long serialVersionUID = 1L;

    OutOfStepException(String message) {
        super(message);
    }

    /** A hostile node could cause many of these, and where it is thrown says nothing that the message does not. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
