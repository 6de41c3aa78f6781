package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is in memcached, a codec returns a value or throws {@link CodecException}, and nothing else. */
class HostileBytesTest {
    record Bean(int id, String name, List<Long> counts, Map<String, Double> rates) {}

    private static final List<Codec<?>> CODECS = List.of(
            StringCodec.INSTANCE,
            BytesCodec.INSTANCE,
            ScalarCodec.BOOLEAN,
            ScalarCodec.BYTE,
            ScalarCodec.SHORT,
            ScalarCodec.INTEGER,
            ScalarCodec.LONG,
            ScalarCodec.FLOAT,
            ScalarCodec.DOUBLE,
            JacksonCodec.json(),
            JacksonCodec.json().forType(Bean.class),
            CodecCatalog.codecFor(String.class, Optional.empty()),
            CodecCatalog.codecFor(byte[].class, Optional.empty()),
            CompressingCodec.zstd(StringCodec.INSTANCE),
            SerializationCodec.allowing(ArrayList.class),
            CodecCatalog.codecFor(Bean.class, Optional.empty()));

    static Stream<Arguments> codecsAndSeeds() {
        return withSeeds(CODECS);
    }

    static Stream<Arguments> jsonCodecsAndSeeds() {
        return withSeeds(List.of(
                JacksonCodec.json(),
                JacksonCodec.json().forType(Bean.class),
                CodecCatalog.codecFor(Bean.class, Optional.empty())));
    }

    private static Stream<Arguments> withSeeds(List<Codec<?>> codecs) {
        return codecs.stream()
                .flatMap(codec -> LongStream.rangeClosed(1, 4).mapToObj(seed -> Arguments.of(codec, seed)));
    }

    @ParameterizedTest
    @MethodSource("codecsAndSeeds")
    void decode_randomBytesUnderLikelyFlags_isAValueOrRefused(Codec<?> codec, long seed) {
        Random random = new Random(seed);
        int[] flags = {1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 0x8001, 0x8002, 0x8003, 0x4001, 0x4002, 0x4003, 4, 0, 0xFFFF
        };
        int values = 0;
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                assertThat(decode(codec, new Encoded(bytes, flags[random.nextInt(flags.length)])))
                        .isNotNull();
                values++;
            } catch (CodecException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(0);
        assertThat(values + refused).isEqualTo(1_000);
    }

    @ParameterizedTest
    @MethodSource("jsonCodecsAndSeeds")
    void decode_damagedJson_isAValueOrRefused(Codec<?> codec, long seed) {
        Random random = new Random(seed);
        byte[] good = CodecCatalog.<Bean>codecFor(Bean.class, Optional.empty())
                .encode(new Bean(1, "né", List.of(1L, 2L), Map.of("a", 0.5)))
                .bytes();
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = good.clone();
            for (int damage = 0; damage <= random.nextInt(4); damage++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(decode(codec, new Encoded(bytes, CodecFlags.JSON))).isNotNull();
            } catch (CodecException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(0);
    }

    private static Object decode(Codec<?> codec, Encoded encoded) {
        return codec.decode(encoded);
    }
}
