package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;

class CodecCatalogTest {
    record Point(int x, int y) {}

    @Test
    void codecFor_scalars_isTheirCodecWithoutCompression() {
        Map<Class<?>, Codec<?>> scalars = Map.of(
                Boolean.class, ScalarCodec.BOOLEAN,
                Byte.class, ScalarCodec.BYTE,
                Short.class, ScalarCodec.SHORT,
                Integer.class, ScalarCodec.INTEGER,
                Long.class, ScalarCodec.LONG,
                Float.class, ScalarCodec.FLOAT,
                Double.class, ScalarCodec.DOUBLE,
                int.class, ScalarCodec.INTEGER,
                long.class, ScalarCodec.LONG,
                double.class, ScalarCodec.DOUBLE);

        scalars.forEach((type, codec) -> assertThat(CodecCatalog.<Object>codecFor(type, Optional.empty()))
                .isSameAs(codec));
    }

    @Test
    void codecFor_largeText_compresses() {
        Codec<String> codec = CodecCatalog.codecFor(String.class, Optional.empty());

        assertThat(codec.encode("x".repeat(16 * 1024)).bytes().length).isLessThan(1_000);
        assertThat(codec.encode("x".repeat(16 * 1024 - 1)).bytes()).hasSize(16 * 1024 - 1);
    }

    @Test
    void codecFor_jdkType_isNotTheClientsDefault() {
        Codec<String> codec = CodecCatalog.codecFor(String.class, Optional.of(JacksonCodec.json()));

        assertThat(codec.encode("a").flags()).isEqualTo(CodecFlags.STRING);
    }

    @Test
    void codecFor_otherType_isJsonBoundToIt() {
        Codec<Point> codec = CodecCatalog.codecFor(Point.class, Optional.empty());

        assertThat(codec.decode(codec.encode(new Point(1, 2)))).isEqualTo(new Point(1, 2));
        assertThat(codec.encode(new Point(1, 2)).flags()).isEqualTo(CodecFlags.JSON);
    }

    @Test
    void codecFor_genericType_isJsonBoundToIt() {
        Type type = new TypeReference<List<Point>>() {}.getType();
        Codec<List<Point>> codec = CodecCatalog.codecFor(type, Optional.empty());

        assertThat(codec.decode(codec.encode(List.of(new Point(1, 2))))).containsExactly(new Point(1, 2));
    }

    @Test
    void codecFor_clientsDefault_isBoundAndCompresses() {
        Codec<List<Integer>> codec = CodecCatalog.codecFor(List.class, Optional.of(new UnboundCodec()));

        assertThat(codec.encode(List.of()).flags()).isEqualTo(0x8000 | 77);
    }

    @Test
    void codecFor_clientsDefaultThatCompressesAlready_isNotWrappedAgain() {
        Codec<Object> never = new CompressingCodec<>(JacksonCodec.json(), Integer.MAX_VALUE, 1_000_000);

        Codec<Point[]> codec = CodecCatalog.codecFor(Point[].class, Optional.of(never));
        Encoded encoded = codec.encode(new Point[10_000]);

        assertThat(encoded.flags()).isEqualTo(CodecFlags.JSON);
        assertThat(codec.decode(encoded)).hasSize(10_000);
    }

    @Test
    void codecFor_withoutJackson_hasTheBuiltInOnesAndSaysWhatToAddForOthers() throws Exception {
        URL levee = CodecCatalog.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {levee}, ClassLoader.getPlatformClassLoader())) {
            Method codecFor =
                    alone.loadClass(CodecCatalog.class.getName()).getMethod("codecFor", Type.class, Optional.class);

            assertThat(codecFor.invoke(null, String.class, Optional.empty()))
                    .hasToString("CompressingCodec(StringCodec)");
            assertThatThrownBy(() -> codecFor.invoke(null, Map.class, Optional.empty()))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no codec for value type java.util.Map: add tools.jackson.core:jackson-databind to the"
                            + " class path, or set codec(...)");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {StringCodec.class, BytesCodec.class, CompressingCodec.class, CodecCatalog.class})
    void load_withoutJackson_needsNothingOfIt(Class<?> type) throws Exception {
        URL levee = type.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {levee}, ClassLoader.getPlatformClassLoader())) {
            assertThat(Class.forName(type.getName(), true, alone).getDeclaredMethods())
                    .isNotEmpty();
        }
    }

    /** Writes much of nothing under flags 77, once it is told the type. */
    private static final class UnboundCodec implements Codec<Object> {
        @Override
        public Encoded encode(Object value) {
            throw new AssertionError("not bound");
        }

        @Override
        public Object decode(Encoded encoded) {
            throw new AssertionError("not bound");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Codec<T> forType(Type type) {
            assertThat(type).isEqualTo(List.class);
            return (Codec<T>) new Codec<Object>() {
                @Override
                public Encoded encode(Object value) {
                    return new Encoded(new byte[100_000], 77);
                }

                @Override
                public Object decode(Encoded encoded) {
                    return List.of();
                }
            };
        }
    }
}
