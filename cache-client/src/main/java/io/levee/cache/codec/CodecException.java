package io.levee.cache.codec;

import io.levee.cache.CacheException;

/** A value could not be encoded, or bytes are not what the codec's encode makes. The message never holds value bytes. */
public final class CodecException extends CacheException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
