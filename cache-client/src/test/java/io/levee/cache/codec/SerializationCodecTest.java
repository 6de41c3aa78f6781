package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be written and read; {@link HostileSerializationTest} has what may not. */
class SerializationCodecTest {
    enum Colour {
        RED,
        GREEN {
            @Override
            boolean isPretty() {
                return true;
            }
        };

        boolean isPretty() {
            return false;
        }
    }

    record Tag(String name, int weight, Colour colour) implements Serializable {}

    static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
        long id;
    }

    static final class Page extends Base {
        private static final long serialVersionUID = 1L;
        String title;
        Object[] parts;
        int[][] grid;
        Long boxed;
        List<Tag> tags = new ArrayList<>();
        Map<String, Tag> named = new HashMap<>();
    }

    static final class Unlisted implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    record Holder(Object held) implements Serializable {}

    private final SerializationCodec<Object> codec = SerializationCodec.allowing(
            Page.class, Tag.class, Colour.class, ArrayList.class, LinkedHashMap.class, Holder.class);

    static List<Object> values() {
        return List.of(
                "text",
                true,
                'c',
                (byte) 1,
                (short) 2,
                3,
                4L,
                5f,
                6d,
                Colour.RED,
                Colour.GREEN,
                new Tag("a", 7, Colour.GREEN),
                new ArrayList<>(Arrays.asList("a", 1, null, new Tag("b", 8, null))),
                new LinkedHashMap<>(Map.of("k", new ArrayList<>(List.of(1L)))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void decode_encodedValue_isTheValue(Object value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void decode_arrays_areThose() {
        Object[] arrays = {
            new int[] {1, 2},
            new long[0],
            new byte[100_000],
            new double[][] {{1}, {}},
            new String[] {"a", null},
            new Tag[] {new Tag("a", 1, Colour.RED)},
            new Tag[2][3],
            new Object[] {1, "a", new Object[0]},
            new boolean[][][] {{{true}}}
        };

        for (Object array : arrays) {
            assertThat(codec.decode(codec.encode(array))).isEqualTo(array);
        }
        assertThat(Arrays.deepEquals((Object[]) codec.decode(codec.encode(arrays)), arrays))
                .isTrue();
    }

    @Test
    void decode_classWithAListedSubclass_isAllowedWithIt() {
        Page page = new Page();
        page.id = 7;
        page.title = "t";
        page.parts = new Object[] {"a", 1L};
        page.grid = new int[][] {{1}, {2, 3}};
        page.boxed = 5L;
        page.tags.add(new Tag("a", 1, Colour.RED));
        page.named.put("b", new Tag("b", 2, Colour.GREEN));

        Page read = (Page) codec.decode(codec.encode(page));

        assertThat(read).usingRecursiveComparison().isEqualTo(page);
    }

    @Test
    void encode_manyEntries_fitTheLimits() {
        Map<Integer, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 100_000; i++) {
            many.put(i, "");
        }
        List<Object> lists = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            lists.add(new ArrayList<>(List.of(i)));
        }

        assertThat(codec.decode(codec.encode(many))).isEqualTo(many);
        assertThat(codec.decode(codec.encode(lists))).isEqualTo(lists);
        assertThat(codec.decode(codec.encode(new LinkedHashMap<>(Map.of(1, 1)))))
                .isEqualTo(Map.of(1, 1));
    }

    @Test
    void encode_aValueWithAClassThatIsNotAllowed_isRefusedAtOnceAndNamesIt() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Holder(new Holder(new Unlisted()))))
                .withMessageContaining("class " + Unlisted.class.getName() + " is not allowed");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Holder(List.of(1))))
                .withMessageContaining("class java.util.CollSer is not allowed");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Unlisted[0]))
                .withMessageContaining(Unlisted.class.getName());
    }

    @Test
    void encode_whatIsNotSerializable_isRefusedAndNamesIt() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Holder(new Object())))
                .withMessageContaining("java.io.NotSerializableException: java.lang.Object");
    }

    @Test
    void encode_whatIsTooLong_isRefused() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new byte[SerializationCodec.MAX_BYTES]))
                .withMessageContaining("more than 16777216 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 200_000})
    void encode_whatIsTooDeep_isRefused(int depth) {
        Object nested = "core";
        for (int i = 0; i < depth; i++) {
            nested = new Holder(nested);
        }
        Object value = nested;

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encode(value));
    }

    @Test
    void forType_aValueOfAnotherAllowedType_isRefused() {
        Encoded tag = codec.encode(new Tag("a", 1, null));

        assertThat(codec.<Tag>forType(Tag.class).decode(tag).name()).isEqualTo("a");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.forType(Page.class).decode(tag))
                .withMessage("a serialized value is no " + Page.class.getName());
        assertThat(codec.<Integer>forType(int.class).decode(codec.encode(5))).isEqualTo(5);
        assertThat(codec.<List<Tag>>forType(new ValueType<ArrayList<Tag>>() {}.type())
                        .decode(codec.encode(new ArrayList<>())))
                .isEmpty();
        assertThat(codec.<Object>forType(new ValueType<List<Tag>[]>() {}.type())
                        .decode(codec.encode(new ArrayList<?>[0])))
                .isInstanceOf(List[].class);
    }

    @Test
    void alsoAllowing_names_allowsThoseAndNoOthers() {
        SerializationCodec<Object> more = codec.alsoAllowing(
                "java.util.CollSer", "java.util.ImmutableCollections$List12", "java.time.Ser", "java.time.LocalDate");

        assertThat(more.decode(more.encode(List.of(1, LocalDate.of(2015, 2, 3)))))
                .isEqualTo(List.of(1, LocalDate.of(2015, 2, 3)));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> more.encode(Locale.ROOT))
                .withMessageContaining("java.util.Locale");
    }

    @Test
    void alsoAllowing_packages_allowsWhatIsInThem() {
        Object unlisted = new Unlisted();
        SerializationCodec<Object> thePackage = codec.alsoAllowing("io.levee.cache.codec.*");
        SerializationCodec<Object> theTree = codec.alsoAllowing("io.levee.**");

        assertThat(thePackage.decode(thePackage.encode(unlisted))).isInstanceOf(Unlisted.class);
        assertThat(theTree.decode(theTree.encode(new Unlisted[1]))).isInstanceOf(Unlisted[].class);
        for (String other : List.of("io.levee.cache.*", "io.levee.cache.cod.**", "io.levee.cache.codec.codec.*")) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> codec.alsoAllowing(other).encode(unlisted));
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "*",
                "**",
                ".*",
                "java.**",
                "java.util.*",
                "javax.a.*",
                "sun.misc.**",
                "com.sun.*",
                "a.b.",
                "a..b",
                "a.*.b",
                "!a.b",
                "a b",
                "a;b",
                "",
                "[La.B;",
                "a.b.***"
            })
    void alsoAllowing_whatIsNoNameOrTooMuch_isRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> codec.alsoAllowing(pattern));
    }

    @Test
    void allowing_nothing_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(SerializationCodec::allowing)
                .withMessage("allowing() must name at least one class");
        assertThatIllegalArgumentException()
                .isThrownBy(codec::alsoAllowing)
                .withMessage("alsoAllowing() must name at least one class or package");
    }

    @Test
    void allowing_whatIsNoSerializableClass_isRefusedAndSaysWhatToNameInItsPlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SerializationCodec.allowing(List.class))
                .withMessageContaining("interface java.util.List")
                .withMessageContaining("java.util.ArrayList");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SerializationCodec.allowing(Object.class))
                .withMessageContaining("not Serializable");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SerializationCodec.allowing(String[].class))
                .withMessageContaining("java.lang.String[]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SerializationCodec.allowing(Tag.class, null))
                .withMessageContaining("null");
    }

    @Test
    void asTheClientsCodec_isBoundToTheTypeAndCompressed() {
        Codec<ArrayList<String>> bound =
                CodecCatalog.codecFor(new ValueType<ArrayList<String>>() {}.type(), Optional.of(codec));
        ArrayList<String> large = new ArrayList<>(List.of("x".repeat(100_000)));

        assertThat(bound.encode(large).flags()).isEqualTo(CodecFlags.SERIALIZED | CodecFlags.DEFLATED);
        assertThat(bound.decode(bound.encode(large))).isEqualTo(large);
    }

    @Test
    void decode_jdkValuesThatAreListed_areThose() {
        SerializationCodec<Object> numbers =
                SerializationCodec.allowing(BigDecimal.class, BigInteger.class, BitSet.class, TreeMap.class);
        TreeMap<String, Object> value =
                new TreeMap<>(Map.of("a", new BigDecimal("1.50"), "b", BitSet.valueOf(new long[] {5})));

        assertThat(numbers.decode(numbers.encode(value))).isEqualTo(value);
    }
}
