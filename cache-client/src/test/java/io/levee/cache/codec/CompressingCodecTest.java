package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressingCodecTest {
    private static final int DEFLATED = 0x8000;

    private final Codec<String> codec = new CompressingCodec<>(StringCodec.INSTANCE, 100, 10_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 9_999, 10_000, 10_001, 100_000})
    void decode_encodedText_isTheText(int length) {
        String text = "x".repeat(length);

        assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decode_encodedRandomValues_areTheValues(long seed) {
        Random random = new Random(seed);
        Codec<byte[]> bytes = new CompressingCodec<>(BytesCodec.INSTANCE, 0, 1 << 20);
        for (int i = 0; i < 500; i++) {
            byte[] value = new byte[random.nextInt(3_000)];
            int symbols = 1 + random.nextInt(256);
            for (int j = 0; j < value.length; j++) {
                value[j] = (byte) random.nextInt(symbols);
            }

            Encoded encoded = bytes.encode(value);

            assertThat(bytes.decode(encoded)).isEqualTo(value);
            assertThat(encoded.bytes().length).isLessThanOrEqualTo(value.length);
        }
    }

    @Test
    void encode_belowThreshold_leavesTheBytesAlone() {
        Encoded encoded = codec.encode("x".repeat(99));

        assertThat(encoded.flags()).isEqualTo(CodecFlags.STRING);
        assertThat(encoded.bytes()).hasSize(99);
    }

    @Test
    void encode_atThreshold_compressesAndSaysSo() {
        Encoded encoded = codec.encode("x".repeat(100));

        assertThat(encoded.flags()).isEqualTo(CodecFlags.STRING | DEFLATED);
        assertThat(encoded.bytes().length).isLessThan(100);
        assertThat(ByteBuffer.wrap(encoded.bytes()).getInt()).isEqualTo(100);
    }

    @Test
    void encode_whatDoesNotGetSmaller_leavesTheBytesAlone() {
        byte[] noise = new byte[50_000];
        new Random(7).nextBytes(noise);
        Codec<byte[]> bytes = new CompressingCodec<>(BytesCodec.INSTANCE);

        Encoded encoded = bytes.encode(noise);

        assertThat(encoded.flags()).isEqualTo(CodecFlags.BYTES);
        assertThat(encoded.bytes()).isEqualTo(noise);
    }

    @Test
    void encode_overTheInflationLimit_leavesTheBytesAlone() {
        Encoded encoded = codec.encode("x".repeat(10_001));

        assertThat(encoded.flags()).isEqualTo(CodecFlags.STRING);
        assertThat(encoded.bytes()).hasSize(10_001);
    }

    @Test
    void encode_thresholdOfMaxValue_compressesNothing() {
        Codec<String> never = new CompressingCodec<>(StringCodec.INSTANCE, Integer.MAX_VALUE, 10_000_000);

        assertThat(never.encode("x".repeat(1_000_000)).flags()).isEqualTo(CodecFlags.STRING);
        assertThat(never.decode(codec.encode("x".repeat(200)))).isEqualTo("x".repeat(200));
    }

    @Test
    void encode_innerFlagsInTheUpperBits_isRefused() {
        Codec<String> greedy = new CompressingCodec<>(new FixedFlags(0x4000));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> greedy.encode("x"))
                .withMessageContaining("16384")
                .withMessageContaining("upper bits");
    }

    @Test
    void encode_largestInnerFlags_comeBack() {
        Codec<String> wide = new CompressingCodec<>(new FixedFlags(0x3FFF), 0, 10_000);

        assertThat(wide.decode(wide.encode("x".repeat(1_000)))).isEqualTo("x".repeat(1_000));
    }

    /** Whatever stream the platform's zlib writes today, what it wrote once stays readable. */
    @Test
    void decode_goldenBytes_areRead() {
        byte[] golden = HexFormat.of().parseHex("000000b4" + "7801cb492d4b4d55c81952240056fb41bf");

        assertThat(codec.decode(new Encoded(golden, 0x8001))).isEqualTo("levee ".repeat(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xC001, 0xC002})
    void decode_unknownCompression_isRefused(int flags) {
        Encoded encoded = new Encoded(codec.encode("x".repeat(200)).bytes(), flags);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(encoded))
                .withMessageContaining("does not know");
    }

    @Test
    void decode_everyPrefixOfACompressedValue_isRefused() {
        byte[] whole = codec.encode("some text, some more text ".repeat(20)).bytes();

        for (int length = 0; length < whole.length; length++) {
            Encoded cut = new Encoded(Arrays.copyOf(whole, length), CodecFlags.STRING | DEFLATED);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void decode_anyBitTurned_isRefusedUnlessItIsPadding() {
        String text = "some text, some more text ".repeat(20);
        byte[] whole = codec.encode(text).bytes();

        int accepted = 0;
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] turned = whole.clone();
            turned[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                assertThat(codec.decode(new Encoded(turned, CodecFlags.STRING | DEFLATED)))
                        .isEqualTo(text);
                accepted++;
            } catch (CodecException expected) {
                // nearly all of them
            }
        }

        // The last byte of a deflate stream may have up to seven bits that mean nothing.
        assertThat(accepted).isLessThan(8);
    }

    @Test
    void decode_bytesAfterTheStream_isRefused() {
        byte[] whole = codec.encode("x".repeat(200)).bytes();
        Encoded longer = new Encoded(Arrays.copyOf(whole, whole.length + 1), CodecFlags.STRING | DEFLATED);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(longer))
                .withMessageContaining("200");
    }

    @Test
    void decode_bombThatTellsItsLength_isRefusedByTheLimit() {
        byte[] bomb = compressed(10_001, zeros(10_001));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(bomb, CodecFlags.STRING | DEFLATED)))
                .withMessageContaining("10001")
                .withMessageContaining("10000");
    }

    @Test
    void decode_bombThatHidesItsLength_isRefusedAtTheToldLength() {
        byte[] bomb = compressed(10, zeros(50_000_000));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(bomb, CodecFlags.STRING | DEFLATED)))
                .withMessageContaining("is not the 10 bytes");
    }

    @Test
    void decode_fewBytesThatClaimMany_isRefusedBeforeMemoryIsTaken() {
        Codec<byte[]> roomy = new CompressingCodec<>(BytesCodec.INSTANCE, 0, Integer.MAX_VALUE);
        byte[] claim = compressed(Integer.MAX_VALUE, zeros(10));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> roomy.decode(new Encoded(claim, CodecFlags.BYTES | DEFLATED)))
                .withMessageContaining("2147483647");
    }

    @Test
    void decode_bestCompressedZeros_areWithinTheRatioAllowed() {
        Codec<byte[]> roomy = new CompressingCodec<>(BytesCodec.INSTANCE, 0, 1 << 30);
        byte[] zeros = compressed(20_000_000, zeros(20_000_000));

        assertThat(roomy.decode(new Encoded(zeros, CodecFlags.BYTES | DEFLATED)))
                .hasSize(20_000_000);
    }

    @Test
    void decode_lengthWithTheTopBit_isRefused() {
        byte[] negative = compressed(-1, zeros(10));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(negative, CodecFlags.STRING | DEFLATED)))
                .withMessageContaining("4294967295");
    }

    @Test
    void construct_thresholdBelowZero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CompressingCodec<>(StringCodec.INSTANCE, -1, 1))
                .withMessage("thresholdBytes must be at least 0, but is -1");
    }

    @Test
    void construct_noInflationAllowed_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CompressingCodec<>(StringCodec.INSTANCE, 0, 0))
                .withMessage("maxInflatedBytes must be at least 1, but is 0");
    }

    private static byte[] zeros(int length) {
        return new byte[length];
    }

    private static byte[] compressed(int claimedLength, byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(4).putInt(claimedLength).array());
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /** Text under flags of the test's choice. */
    private record FixedFlags(int flags) implements Codec<String> {
        @Override
        public Encoded encode(String value) {
            return new Encoded(value.getBytes(UTF_8), flags);
        }

        @Override
        public String decode(Encoded encoded) {
            assertThat(encoded.flags()).isEqualTo(flags);
            return new String(encoded.bytes(), UTF_8);
        }
    }
}
