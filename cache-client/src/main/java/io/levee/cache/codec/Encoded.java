package io.levee.cache.codec;

/**
 * A value as bytes, with 16 bits that are the codec's own (a version, a compression).
 *
 * @param bytes not copied: neither side may change them after handing them over
 * @param flags 0 to 65,535; stored beside the bytes and handed back to {@link Codec#decode}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Encoded(byte[] bytes, int flags) {
    public Encoded {
        if (flags < 0 || flags > 0xFFFF) {
            throw new IllegalArgumentException("codec flags must be 0 to 65535, but are " + flags);
        }
    }
}
