package io.levee.cache.codec;

/**
 * The flags of the shipped codecs, in one place so that no two are the same: a value written by one codec and read by another,
 * after a change of a cache's value type or codec, is refused and not misread. Stable: they are stored in memcached.
 */
final class CodecFlags {
    static final int STRING = 1;
    static final int BYTES = 2;
    static final int JSON = 3;
    static final int SERIALIZED = 4;

    static final int BOOLEAN = 16;
    static final int BYTE = 17;
    static final int SHORT = 18;
    static final int INTEGER = 19;
    static final int LONG = 20;
    static final int FLOAT = 21;
    static final int DOUBLE = 22;

    /** The bytes are a length and a zlib stream. */
    static final int DEFLATED = 0x8000;

    /** The bytes are a length and a Zstandard frame. */
    static final int ZSTD = 0x4000;

    /** {@link CompressingCodec}'s: {@link #DEFLATED} or {@link #ZSTD}; both together are kept for another compression. */
    static final int COMPRESSION = 0xC000;

    private CodecFlags() {}

    static void require(int expected, Encoded encoded, String codec) {
        if (encoded.flags() != expected) {
            throw new CodecException(
                    codec + " reads values with codec flags " + expected + ", but this one has " + encoded.flags());
        }
    }
}
