package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarCodecTest {
    static Stream<Arguments> stableForms() {
        return Stream.of(
                arguments(ScalarCodec.BOOLEAN, true, "01", 16),
                arguments(ScalarCodec.BOOLEAN, false, "00", 16),
                arguments(ScalarCodec.BYTE, (byte) -2, "fe", 17),
                arguments(ScalarCodec.BYTE, Byte.MAX_VALUE, "7f", 17),
                arguments(ScalarCodec.SHORT, (short) -2, "fffe", 18),
                arguments(ScalarCodec.SHORT, Short.MIN_VALUE, "8000", 18),
                arguments(ScalarCodec.INTEGER, 0x01020304, "01020304", 19),
                arguments(ScalarCodec.INTEGER, -1, "ffffffff", 19),
                arguments(ScalarCodec.LONG, 0x0102030405060708L, "0102030405060708", 20),
                arguments(ScalarCodec.LONG, Long.MIN_VALUE, "8000000000000000", 20),
                arguments(ScalarCodec.LONG, -1L, "ffffffffffffffff", 20),
                arguments(ScalarCodec.FLOAT, 1.5f, "3fc00000", 21),
                arguments(ScalarCodec.FLOAT, -0f, "80000000", 21),
                arguments(ScalarCodec.FLOAT, Float.NaN, "7fc00000", 21),
                arguments(ScalarCodec.DOUBLE, 1.5, "3ff8000000000000", 22),
                arguments(ScalarCodec.DOUBLE, Double.NEGATIVE_INFINITY, "fff0000000000000", 22));
    }

    @ParameterizedTest
    @MethodSource("stableForms")
    void encode_scalar_hasTheStableForm(ScalarCodec<Object> codec, Object value, String hex, int flags) {
        Encoded encoded = codec.encode(value);

        assertThat(HexFormat.of().formatHex(encoded.bytes())).isEqualTo(hex);
        assertThat(encoded.flags()).isEqualTo(flags);
        assertThat(codec.decode(encoded)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_encodedRandomNumbers_areTheNumbers(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long bits = random.nextLong();
            assertThat(back(ScalarCodec.LONG, bits)).isEqualTo(bits);
            assertThat(back(ScalarCodec.INTEGER, (int) bits)).isEqualTo((int) bits);
            assertThat(back(ScalarCodec.SHORT, (short) bits)).isEqualTo((short) bits);
            assertThat(back(ScalarCodec.BYTE, (byte) bits)).isEqualTo((byte) bits);
            assertThat(back(ScalarCodec.FLOAT, Float.intBitsToFloat((int) bits)))
                    .isEqualTo(Float.valueOf(Float.intBitsToFloat((int) bits)));
            assertThat(back(ScalarCodec.DOUBLE, Double.longBitsToDouble(bits)))
                    .isEqualTo(Double.valueOf(Double.longBitsToDouble(bits)));
        }
    }

    @Test
    void decode_nanWithAPayload_keepsItsBits() {
        double nan = Double.longBitsToDouble(0x7FF8_0000_0000_0123L);

        assertThat(Double.doubleToRawLongBits(back(ScalarCodec.DOUBLE, nan))).isEqualTo(0x7FF8_0000_0000_0123L);
    }

    @ParameterizedTest
    @MethodSource("stableForms")
    void decode_byteMoreOrLess_isRefused(ScalarCodec<Object> codec, Object value, String hex, int flags) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        for (int length : List.of(0, bytes.length - 1, bytes.length + 1)) {
            Encoded encoded = new Encoded(Arrays.copyOf(bytes, length), flags);
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> codec.decode(encoded))
                    .withMessageContaining("but here are " + length);
        }
    }

    @Test
    void decode_intAsFloat_isRefused() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> ScalarCodec.FLOAT.decode(ScalarCodec.INTEGER.encode(1)))
                .withMessageContaining("ScalarCodec.Float")
                .withMessageContaining("19");
    }

    @ParameterizedTest
    @ValueSource(bytes = {2, 127, -1, -128})
    void decode_truthNeitherOneNorZero_isRefused(byte b) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> ScalarCodec.BOOLEAN.decode(new Encoded(new byte[] {b}, CodecFlags.BOOLEAN)))
                .withMessageContaining("Boolean");
    }

    private static <V> V back(Codec<V> codec, V value) {
        return codec.decode(codec.encode(value));
    }
}
