package io.levee.cache.codec;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Compresses what another codec made, if it is large enough and gets smaller: the plain length in four bytes, big-endian, then
 * a zlib stream (RFC 1950) or a Zstandard frame (RFC 8878), either with a checksum. Takes the two upper bits of the codec flags:
 * 0x8000 for zlib, 0x4000 for Zstandard; both together are kept for another compression and refused.
 *
 * <p><b>Which one.</b> A {@code CompressingCodec} that is constructed writes zlib, which every JDK has. {@link #zstd} writes
 * Zstandard, which takes less than half the time and makes JSON about a fifth smaller still; it needs {@code
 * com.github.luben:zstd-jni}, which the application brings. Each reads what the other wrote, if zstd-jni is there; without it, a
 * value in Zstandard is a {@link CodecException} that says what to add: to the cache a miss, reported. So give zstd-jni to every
 * process before the first one writes with it.
 *
 * <p>Compression is at the fastest level unless told, because it happens on the way of a request: zlib's usual level takes more than
 * twice as long to make JSON about a fifth smaller. A stream that would become more than {@code maxInflatedBytes}, or more than
 * a stream of its length can become, is refused before memory is taken for it.
 */
public final class CompressingCodec<V> implements Codec<V> {
    /** 16 KiB. Below it every read would pay tens of microseconds to inflate what was a few packets anyway. */
    public static final int DEFAULT_THRESHOLD_BYTES = 16 * 1024;

    /** 32 MiB: room for a full item of memcached's default 1 MiB that was compressed well, and no room for a bomb. */
    public static final int DEFAULT_MAX_INFLATED_BYTES = 32 * 1024 * 1024;

    /** The fastest. The usual one, 3, takes a third longer, for little on values of this size. */
    public static final int DEFAULT_ZSTD_LEVEL = 1;

    private static final int LENGTH_BYTES = Integer.BYTES;

    private final Codec<V> codec;
    private final Compression compression;
    private final int thresholdBytes;
    private final int maxInflatedBytes;

    /** Writes zlib, by the defaults. */
    public CompressingCodec(Codec<V> codec) {
        this(codec, DEFAULT_THRESHOLD_BYTES, DEFAULT_MAX_INFLATED_BYTES);
    }

    /**
     * Writes zlib. Wraps a codec whose own flags are at most 0x3FFF.
     *
     * @param thresholdBytes shorter values are left as they are; {@link Integer#MAX_VALUE} compresses nothing, and still reads
     *     what others compressed
     * @param maxInflatedBytes longer values are left as they are, and refused if they come compressed
     * @throws IllegalArgumentException if thresholdBytes is negative or maxInflatedBytes is less than 1
     */
    public CompressingCodec(Codec<V> codec, int thresholdBytes, int maxInflatedBytes) {
        this(codec, Deflate.INSTANCE, thresholdBytes, maxInflatedBytes);
    }

    private CompressingCodec(Codec<V> codec, Compression compression, int thresholdBytes, int maxInflatedBytes) {
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes must be at least 0, but is " + thresholdBytes);
        }
        if (maxInflatedBytes < 1) {
            throw new IllegalArgumentException("maxInflatedBytes must be at least 1, but is " + maxInflatedBytes);
        }
        this.codec = codec;
        this.compression = compression;
        this.thresholdBytes = thresholdBytes;
        this.maxInflatedBytes = maxInflatedBytes;
    }

    /**
     * Writes Zstandard, by the defaults.
     *
     * @throws IllegalStateException if zstd-jni is not on the class path
     */
    public static <V> CompressingCodec<V> zstd(Codec<V> codec) {
        return zstd(codec, DEFAULT_THRESHOLD_BYTES, DEFAULT_ZSTD_LEVEL);
    }

    /**
     * Writes Zstandard; values of more than {@link #DEFAULT_MAX_INFLATED_BYTES} are left as they are, and refused if they come
     * compressed.
     *
     * @param thresholdBytes as of the constructor
     * @param level 1, the fastest, to 19, the smallest
     * @throws IllegalArgumentException if thresholdBytes is negative or there is no such level
     * @throws IllegalStateException if zstd-jni is not on the class path
     */
    public static <V> CompressingCodec<V> zstd(Codec<V> codec, int thresholdBytes, int level) {
        return zstd(codec, thresholdBytes, level, DEFAULT_MAX_INFLATED_BYTES);
    }

    /**
     * As {@link #zstd(Codec, int, int)}, with a bound of your own.
     *
     * @param maxInflatedBytes as of the constructor
     */
    public static <V> CompressingCodec<V> zstd(Codec<V> codec, int thresholdBytes, int level, int maxInflatedBytes) {
        // Its bounds are constants, which the compiler has copied here: to name them loads nothing of zstd-jni.
        if (level < Zstandard.LEAST_LEVEL || level > Zstandard.MOST_LEVEL) {
            throw new IllegalArgumentException("zstd level must be " + Zstandard.LEAST_LEVEL + " to "
                    + Zstandard.MOST_LEVEL + ", but is " + level);
        }
        return new CompressingCodec<>(codec, ZstdLibrary.writing(level), thresholdBytes, maxInflatedBytes);
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
        byte[] compressed = compress(plain.bytes());
        return compressed == null ? plain : new Encoded(compressed, plain.flags() | compression.flag());
    }

    @Override
    public V decode(Encoded encoded) {
        int flag = encoded.flags() & CodecFlags.COMPRESSION;
        if (flag == 0) {
            return codec.decode(encoded);
        }
        Compression its = switch (flag) {
            case CodecFlags.DEFLATED -> Deflate.INSTANCE;
            case CodecFlags.ZSTD -> ZstdLibrary.reading();
            default ->
                throw new CodecException(
                        "codec flags " + encoded.flags() + " name a compression that this release does not know");
        };
        return codec.decode(new Encoded(decompress(encoded.bytes(), its), encoded.flags() & ~CodecFlags.COMPRESSION));
    }

    @Override
    public <T> Codec<T> forType(Type type) {
        return new CompressingCodec<>(codec.forType(type), compression, thresholdBytes, maxInflatedBytes);
    }

    @Override
    public String toString() {
        return (compression.flag() == CodecFlags.ZSTD ? "CompressingCodec.zstd(" : "CompressingCodec(") + codec + ")";
    }

    /** Null if it does not get smaller. */
    private byte[] compress(byte[] plain) {
        int room = plain.length - 1;
        if (room <= LENGTH_BYTES) {
            return null;
        }
        byte[] out = new byte[room];
        ByteBuffer.wrap(out).putInt(plain.length);
        int length = compression.compress(plain, out, LENGTH_BYTES);
        return length < 0 ? null : Arrays.copyOf(out, LENGTH_BYTES + length);
    }

    private byte[] decompress(byte[] compressed, Compression its) {
        int streamLength = compressed.length - LENGTH_BYTES;
        if (streamLength < 0) {
            throw new CodecException("a compressed value of " + compressed.length + " bytes has no length");
        }
        int length = ByteBuffer.wrap(compressed).getInt();
        if (length < 0 || length > maxInflatedBytes || length > (long) streamLength * its.maxRatio()) {
            throw new CodecException("a compressed value of " + compressed.length + " bytes says that it inflates to "
                    + Integer.toUnsignedString(length) + "; at most " + maxInflatedBytes
                    + " are allowed, and no more than "
                    + its.maxRatio() + " for one");
        }
        byte[] plain = new byte[length];
        if (!its.decompress(compressed, LENGTH_BYTES, plain)) {
            throw new CodecException("a compressed value is not the " + length + " bytes that it says it is");
        }
        return plain;
    }
}
