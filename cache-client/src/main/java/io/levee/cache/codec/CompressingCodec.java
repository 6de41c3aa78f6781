package io.levee.cache.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses what another codec made, if it is large enough and gets smaller: the inflated length in four bytes, big-endian,
 * then a zlib stream (RFC 1950), which carries a checksum. Takes the two upper bits of the codec flags: 0x8000 says that the
 * bytes are compressed, 0x4000 is kept for another compression and refused.
 *
 * <p>Compression is at zlib's fastest level, because it happens on the way of a request: the usual level takes more than twice
 * as long to make JSON about a fifth smaller. A stream that would inflate to more than {@code maxInflatedBytes} is refused before
 * memory is taken for it.
 */
public final class CompressingCodec<V> implements Codec<V> {
    /** 16 KiB. Below it every read would pay tens of microseconds to inflate what was a few packets anyway. */
    public static final int DEFAULT_THRESHOLD_BYTES = 16 * 1024;

    /** 32 MiB: room for a full item of memcached's default 1 MiB that was compressed well, and no room for a bomb. */
    public static final int DEFAULT_MAX_INFLATED_BYTES = 32 * 1024 * 1024;

    private static final int LENGTH_BYTES = Integer.BYTES;

    /** The most that one byte of a deflate stream can become, by the format: 258 bytes for two bits, and a little header. */
    private static final int MAX_RATIO = 1032;

    private final Codec<V> codec;
    private final int thresholdBytes;
    private final int maxInflatedBytes;

    public CompressingCodec(Codec<V> codec) {
        this(codec, DEFAULT_THRESHOLD_BYTES, DEFAULT_MAX_INFLATED_BYTES);
    }

    /**
     * Wraps a codec whose own flags are at most 0x3FFF.
     *
     * @param thresholdBytes shorter values are left as they are; {@link Integer#MAX_VALUE} compresses nothing, and still reads
     *     what others compressed
     * @param maxInflatedBytes longer values are left as they are, and refused if they come compressed
     * @throws IllegalArgumentException if thresholdBytes is negative or maxInflatedBytes is less than 1
     */
    public CompressingCodec(Codec<V> codec, int thresholdBytes, int maxInflatedBytes) {
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes must be at least 0, but is " + thresholdBytes);
        }
        if (maxInflatedBytes < 1) {
            throw new IllegalArgumentException("maxInflatedBytes must be at least 1, but is " + maxInflatedBytes);
        }
        this.codec = codec;
        this.thresholdBytes = thresholdBytes;
        this.maxInflatedBytes = maxInflatedBytes;
    }

    @Override
    public Encoded encode(V value) {
        Encoded plain = codec.encode(value);
        if ((plain.flags() & CodecFlags.COMPRESSION) != 0) {
            throw new CodecException(
                    codec + " gave codec flags " + plain.flags()
                            + ", but the two upper bits are CompressingCodec's: set the codec per cache, which wraps nothing around it");
        }
        int length = plain.bytes().length;
        if (length < thresholdBytes || length > maxInflatedBytes) {
            return plain;
        }
        byte[] compressed = deflate(plain.bytes());
        return compressed == null ? plain : new Encoded(compressed, plain.flags() | CodecFlags.DEFLATED);
    }

    @Override
    public V decode(Encoded encoded) {
        int compression = encoded.flags() & CodecFlags.COMPRESSION;
        if (compression == 0) {
            return codec.decode(encoded);
        }
        if (compression != CodecFlags.DEFLATED) {
            throw new CodecException(
                    "codec flags " + encoded.flags() + " name a compression that this release does not know");
        }
        return codec.decode(new Encoded(inflate(encoded.bytes()), encoded.flags() & ~CodecFlags.COMPRESSION));
    }

    @Override
    public <T> Codec<T> forType(Type type) {
        return new CompressingCodec<>(codec.forType(type), thresholdBytes, maxInflatedBytes);
    }

    @Override
    public String toString() {
        return "CompressingCodec(" + codec + ")";
    }

    /** Null if it does not get smaller. */
    private static byte[] deflate(byte[] plain) {
        int room = plain.length - 1;
        if (room <= LENGTH_BYTES) {
            return null;
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] out = new byte[room];
            ByteBuffer.wrap(out).putInt(plain.length);
            int length = deflater.deflate(out, LENGTH_BYTES, room - LENGTH_BYTES);
            return deflater.finished() ? Arrays.copyOf(out, LENGTH_BYTES + length) : null;
        } finally {
            deflater.end();
        }
    }

    private byte[] inflate(byte[] compressed) {
        int streamLength = compressed.length - LENGTH_BYTES;
        if (streamLength < 0) {
            throw new CodecException("a compressed value of " + compressed.length + " bytes has no length");
        }
        int length = ByteBuffer.wrap(compressed).getInt();
        if (length < 0 || length > maxInflatedBytes || length > (long) streamLength * MAX_RATIO) {
            throw new CodecException("a compressed value of " + compressed.length + " bytes says that it inflates to "
                    + Integer.toUnsignedString(length) + "; at most " + maxInflatedBytes
                    + " are allowed, and no more than "
                    + MAX_RATIO + " for one");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed, LENGTH_BYTES, streamLength);
            byte[] plain = new byte[length];
            int inflated = inflater.inflate(plain);
            // The stream's end and checksum are only read when more is asked for than there is.
            if (inflated == length && !inflater.finished()) {
                inflated += inflater.inflate(new byte[1]);
            }
            if (inflated != length || !inflater.finished() || inflater.getRemaining() > 0) {
                throw new CodecException("a compressed value is not the " + length + " bytes that it says it is");
            }
            return plain;
        } catch (DataFormatException e) {
            throw new CodecException("a compressed value is not a zlib stream", e);
        } finally {
            inflater.end();
        }
    }
}
