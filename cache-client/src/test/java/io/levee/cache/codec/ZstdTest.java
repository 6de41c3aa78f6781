package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression by zstd-jni, with it and without. */
class ZstdTest {
    private static final int ZSTD = 0x4000;
    private static final int MIB = 1 << 20;

    private final Codec<String> codec = CompressingCodec.zstd(StringCodec.INSTANCE, 100, 3, 10_000);
    private final Codec<byte[]> roomy = CompressingCodec.zstd(BytesCodec.INSTANCE, 0, 1, Integer.MAX_VALUE);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 9_999, 10_000, 10_001, 100_000})
    void decode_encodedText_isTheText(int length) {
        String text = "x".repeat(length);

        assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 19})
    void decode_encodedRandomValues_areTheValues(int level) {
        Random random = new Random(level);
        Codec<byte[]> bytes = CompressingCodec.zstd(BytesCodec.INSTANCE, 0, level);
        for (int i = 0; i < 200; i++) {
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
    void encode_atThreshold_compressesAndSaysSo() {
        Encoded encoded = codec.encode("x".repeat(100));

        assertThat(encoded.flags()).isEqualTo(CodecFlags.STRING | ZSTD);
        assertThat(encoded.bytes().length).isLessThan(100);
        assertThat(ByteBuffer.wrap(encoded.bytes()).getInt()).isEqualTo(100);
        assertThat(codec.encode("x".repeat(99)).flags()).isEqualTo(CodecFlags.STRING);
    }

    @Test
    void encode_whatDoesNotGetSmaller_leavesTheBytesAlone() {
        byte[] noise = new byte[50_000];
        new Random(7).nextBytes(noise);

        Encoded encoded = roomy.encode(noise);

        assertThat(encoded.flags()).isEqualTo(CodecFlags.BYTES);
        assertThat(encoded.bytes()).isEqualTo(noise);
    }

    @Test
    void decode_whatTheOtherCompressionWrote_isTheValue() {
        Codec<String> zlib = new CompressingCodec<>(StringCodec.INSTANCE, 100, 10_000);
        String text = "some text ".repeat(100);

        assertThat(codec.decode(zlib.encode(text))).isEqualTo(text);
        assertThat(zlib.decode(codec.encode(text))).isEqualTo(text);
        assertThat(zlib.encode(text).flags()).isNotEqualTo(codec.encode(text).flags());
    }

    @Test
    void decode_goldenBytes_areRead() {
        byte[] golden = HexFormat.of().parseHex("000000b4" + "28b52ffd24b46d0000306c65766565200100ab50a508f21ccad7");

        assertThat(codec.decode(new Encoded(golden, ZSTD | CodecFlags.STRING))).isEqualTo("levee ".repeat(30));
    }

    @Test
    void forType_staysZstd() {
        Codec<List<String>> lists =
                CompressingCodec.zstd(JacksonCodec.json(), 0, 1).forType(new ValueType<List<String>>() {}.type());
        List<String> value = List.of("a".repeat(1_000));

        assertThat(lists.encode(value).flags()).isEqualTo(CodecFlags.JSON | ZSTD);
        assertThat(lists.decode(lists.encode(value))).isEqualTo(value);
    }

    @Test
    void decode_everyPrefix_isRefused() {
        byte[] whole = codec.encode("some text, some more text ".repeat(20)).bytes();

        for (int length = 0; length < whole.length; length++) {
            Encoded cut = new Encoded(Arrays.copyOf(whole, length), CodecFlags.STRING | ZSTD);
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.decode(cut));
        }
    }

    @Test
    void decode_anyBitTurned_isNeverAnotherValue() {
        String text = "some text, some more text ".repeat(20);
        byte[] whole = codec.encode(text).bytes();

        int refused = 0;
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] turned = whole.clone();
            turned[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                assertThat(codec.decode(new Encoded(turned, CodecFlags.STRING | ZSTD)))
                        .isEqualTo(text);
            } catch (CodecException expected) {
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(whole.length * 8 - 8);
    }

    @Test
    void decode_bytesAfterTheFrame_isRefused() {
        byte[] whole = codec.encode("x".repeat(200)).bytes();

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(Arrays.copyOf(whole, whole.length + 1), 0x4001)));
    }

    @Test
    void decode_bombThatTellsItsLength_isRefusedByTheLimit() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(frame(10_001, new byte[10_001]), 0x4001)))
                .withMessageContaining("10001")
                .withMessageContaining("10000");
    }

    @Test
    void decode_bombThatHidesItsLength_isRefusedAtTheToldLength() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(frame(10, new byte[50_000_000]), 0x4001)))
                .withMessageContaining("is not the 10 bytes");
    }

    @Test
    void decode_frameThatBecomesLessThanTold_isRefused() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new Encoded(frame(11, new byte[10]), 0x4001)))
                .withMessageContaining("is not the 11 bytes");
    }

    @Test
    void decode_fewBytesThatClaimMany_isRefusedBeforeMemoryIsTaken() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> roomy.decode(new Encoded(frame(Integer.MAX_VALUE, new byte[10]), 0x4002)))
                .withMessageContaining("2147483647");
    }

    @Test
    void decode_bestCompressedZeros_areWithinTheRatioAllowed() {
        assertThat(roomy.decode(new Encoded(frame(20_000_000, new byte[20_000_000]), 0x4002)))
                .hasSize(20_000_000);
    }

    /** Each context is some hundred kilobytes of native memory: 20,000 that were left behind would be gigabytes. */
    @Test
    void encodeAndDecode_manyTimes_leaveNothingNativeBehind() {
        byte[] value = "some text, some more text ".repeat(200).getBytes(UTF_8);
        byte[] damaged = roomy.encode(value).bytes();
        damaged[damaged.length - 1] ^= 1;
        for (int i = 0; i < 200; i++) {
            roomy.decode(roomy.encode(value));
        }
        long before = nativeBytes();

        for (int i = 0; i < 10_000; i++) {
            roomy.decode(roomy.encode(value));
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> roomy.decode(new Encoded(damaged, 0x4002)));
        }

        assertThat(nativeBytes() - before).isLessThan(512L * MIB);
    }

    @Test
    void encodeAndDecode_byManyThreads_areTheValues() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                byte[] value = ("text of thread " + t).repeat(500).getBytes(UTF_8);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        assertThat(roomy.decode(roomy.encode(value))).isEqualTo(value);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 20, 23})
    void zstd_noSuchLevel_isRefused(int level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompressingCodec.zstd(StringCodec.INSTANCE, 0, level))
                .withMessage("zstd level must be 1 to 19, but is " + level);
    }

    @Test
    void zstd_withoutTheLibrary_failsWhenTheCodecIsMadeAndSaysWhatToAdd() throws Exception {
        try (URLClassLoader alone = withoutLibraries()) {
            Method zstd = alone.loadClass(CompressingCodec.class.getName())
                    .getMethod("zstd", alone.loadClass(Codec.class.getName()));

            assertThatThrownBy(() -> zstd.invoke(null, instance(alone, StringCodec.class)))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("add com.github.luben:zstd-jni to the class path");
        }
    }

    @Test
    void decode_withoutTheLibrary_isRefusedSayingWhatToAddAndZlibIsReadAllTheSame() throws Exception {
        String text = "some text ".repeat(100);
        Encoded zstd = codec.encode(text);
        Encoded zlib = new CompressingCodec<>(StringCodec.INSTANCE, 100, 10_000).encode(text);
        try (URLClassLoader alone = withoutLibraries()) {
            Class<?> encoded = alone.loadClass(Encoded.class.getName());
            Object reader = alone.loadClass(CompressingCodec.class.getName())
                    .getConstructor(alone.loadClass(Codec.class.getName()))
                    .newInstance(instance(alone, StringCodec.class));
            Method decode = reader.getClass().getMethod("decode", encoded);

            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(() -> decode.invoke(reader, in(encoded, zstd)))
                        .cause()
                        .hasMessage("a value is compressed with zstd: add com.github.luben:zstd-jni to the class path")
                        .satisfies(e -> assertThat(e.getClass().getName()).isEqualTo(CodecException.class.getName()));
            }
            assertThat(decode.invoke(reader, in(encoded, zlib))).isEqualTo(text);
        }
    }

    private static URLClassLoader withoutLibraries() {
        URL levee = CompressingCodec.class.getProtectionDomain().getCodeSource().getLocation();
        return new URLClassLoader(new URL[] {levee}, ClassLoader.getPlatformClassLoader());
    }

    private static Object instance(ClassLoader loader, Class<?> codec) throws ReflectiveOperationException {
        return loader.loadClass(codec.getName()).getField("INSTANCE").get(null);
    }

    private static Object in(Class<?> encodedThere, Encoded here) throws ReflectiveOperationException {
        return encodedThere.getConstructor(byte[].class, int.class).newInstance(here.bytes(), here.flags());
    }

    private static byte[] frame(int claimedLength, byte[] plain) {
        byte[] frame = Zstd.compress(plain, 19);
        return ByteBuffer.allocate(4 + frame.length)
                .putInt(claimedLength)
                .put(frame)
                .array();
    }

    private static long nativeBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getCommittedVirtualMemorySize();
    }
}
