package io.levee.cache.codec;

import java.lang.reflect.Type;

/**
 * Turns values into bytes and back. Called on the threads of callers and loaders, by many at once: implementations are
 * thread-safe, and may block only as computing does.
 *
 * <p>The bytes that {@link #decode} gets are untrusted input: they can come from another release, from another program, or
 * from an attacker who can reach memcached. A codec refuses what it does not understand with a {@link CodecException}; it
 * never runs what the bytes say (no Java deserialization without an allow-list).
 */
public interface Codec<V> {
    /**
     * Encodes a value.
     *
     * @param value never null
     * @throws CodecException if it cannot be encoded
     */
    Encoded encode(V value);

    /**
     * Decodes what {@link #encode} made. Never returns null.
     *
     * @throws CodecException if these are not such bytes; the cache then treats the entry as a miss and reports it
     */
    V decode(Encoded encoded);

    /**
     * Returns the form of this codec that decodes to {@code type}, for codecs that need to be told, such as JSON. By default
     * this codec itself.
     */
    @SuppressWarnings("unchecked")
    default <T> Codec<T> forType(Type type) {
        return (Codec<T>) this;
    }
}
