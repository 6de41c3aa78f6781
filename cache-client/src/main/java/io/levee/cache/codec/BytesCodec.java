package io.levee.cache.codec;

/**
 * Byte arrays as they are. {@link #encode} copies, so that an array that its owner changes later is stored as it was; {@link
 * #decode} hands its array over. As every value of a cache, an array that a cache returned is shared with other callers: do
 * not change it.
 */
public final class BytesCodec implements Codec<byte[]> {
    public static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public Encoded encode(byte[] value) {
        return new Encoded(value.clone(), CodecFlags.BYTES);
    }

    @Override
    public byte[] decode(Encoded encoded) {
        CodecFlags.require(CodecFlags.BYTES, encoded, "BytesCodec");
        return encoded.bytes();
    }

    @Override
    public String toString() {
        return "BytesCodec";
    }
}
