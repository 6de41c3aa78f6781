package io.levee.cache.codec;

import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Numbers and truth values, big-endian in as many bytes as the Java type has; a Boolean is a byte of 0 or 1. Floating-point
 * numbers keep every bit, also a NaN's. The flags name the type, so that an Integer is not read as a Float.
 */
public final class ScalarCodec<V> implements Codec<V> {
    public static final ScalarCodec<Boolean> BOOLEAN =
            new ScalarCodec<>("Boolean", CodecFlags.BOOLEAN, 1, value -> value ? 1 : 0, ScalarCodec::truth);
    public static final ScalarCodec<Byte> BYTE =
            new ScalarCodec<>("Byte", CodecFlags.BYTE, Byte.BYTES, Byte::longValue, bits -> (byte) bits);
    public static final ScalarCodec<Short> SHORT =
            new ScalarCodec<>("Short", CodecFlags.SHORT, Short.BYTES, Short::longValue, bits -> (short) bits);
    public static final ScalarCodec<Integer> INTEGER =
            new ScalarCodec<>("Integer", CodecFlags.INTEGER, Integer.BYTES, Integer::longValue, bits -> (int) bits);
    public static final ScalarCodec<Long> LONG =
            new ScalarCodec<>("Long", CodecFlags.LONG, Long.BYTES, Long::longValue, bits -> bits);
    public static final ScalarCodec<Float> FLOAT = new ScalarCodec<>(
            "Float", CodecFlags.FLOAT, Float.BYTES, Float::floatToRawIntBits, bits -> Float.intBitsToFloat((int) bits));
    public static final ScalarCodec<Double> DOUBLE = new ScalarCodec<>(
            "Double", CodecFlags.DOUBLE, Double.BYTES, Double::doubleToRawLongBits, Double::longBitsToDouble);

    private final String name;
    private final int flags;
    private final int size;
    private final ToLongFunction<V> toBits;
    private final LongFunction<V> fromBits;

    private ScalarCodec(String name, int flags, int size, ToLongFunction<V> toBits, LongFunction<V> fromBits) {
        this.name = name;
        this.flags = flags;
        this.size = size;
        this.toBits = toBits;
        this.fromBits = fromBits;
    }

    @Override
    public Encoded encode(V value) {
        long bits = toBits.applyAsLong(value);
        byte[] bytes = new byte[size];
        for (int i = size - 1; i >= 0; i--) {
            bytes[i] = (byte) bits;
            bits >>= Byte.SIZE;
        }
        return new Encoded(bytes, flags);
    }

    @Override
    public V decode(Encoded encoded) {
        CodecFlags.require(flags, encoded, this.toString());
        byte[] bytes = encoded.bytes();
        if (bytes.length != size) {
            throw new CodecException("a " + name + " has " + size + " bytes, but here are " + bytes.length);
        }
        long bits = 0;
        for (byte b : bytes) {
            bits = (bits << Byte.SIZE) | (b & 0xFF);
        }
        return fromBits.apply(bits);
    }

    @Override
    public String toString() {
        return "ScalarCodec." + name;
    }

    private static Boolean truth(long bits) {
        if (bits > 1) {
            throw new CodecException("a Boolean is 0 or 1, but this one is neither");
        }
        return bits == 1;
    }
}
