package io.levee.cache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEncoderTest {
    enum Shape {
        ROUND,
        SQUARE {
            @Override
            public String toString() {
                return "not the name";
            }
        }
    }

    private record Two(int a, int b) {}

    private final KeyEncoder<String> encoder = KeyEncoder.of("", "c", String.class);

    @Test
    void encode_nativeTypes_areReadable() {
        UUID id = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

        assertThat(KeyEncoder.of("", "c", Byte.class).encode((byte) -1)).isEqualTo("c:-1");
        assertThat(KeyEncoder.of("", "c", Short.class).encode((short) 300)).isEqualTo("c:300");
        assertThat(KeyEncoder.of("", "c", Integer.class).encode(7)).isEqualTo("c:7");
        assertThat(KeyEncoder.of("", "c", Long.class).encode(Long.MIN_VALUE)).isEqualTo("c:-9223372036854775808");
        assertThat(KeyEncoder.of("", "c", long.class).encode(42L)).isEqualTo("c:42");
        assertThat(KeyEncoder.of("", "c", UUID.class).encode(id)).isEqualTo("c:123e4567-e89b-12d3-a456-426614174000");
        assertThat(KeyEncoder.of("", "c", Shape.class).encode(Shape.SQUARE)).isEqualTo("c:SQUARE");
        assertThat(KeyEncoder.of("", "c", TimeUnit.class).encode(TimeUnit.DAYS)).isEqualTo("c:DAYS");
    }

    /** A change of these empties every cache of every user. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``    | stats         | 42          | stats:42",
                "shop  | stats         | 42          | shop/stats:42",
                "``    | stats         | user:42/a?b | stats:user:42/a?b",
                "``    | project stats | a           | project%20stats:a",
                "``    | a:b           | c           | a%3Ab:c",
                "``    | a/b           | c           | a%2Fb:c",
                "p:q/r | c             | k           | p%3Aq%2Fr/c:k",
                "``    | c             | a b         | c:a%20b",
                "``    | c             | 100%        | c:100%25",
                "``    | c             | ``          | c:",
                "``    | größe         | é€😀         | gr%C3%B6%C3%9Fe:%C3%A9%E2%82%AC%F0%9F%98%80",
            })
    void encode_text_hasTheStableForm(String prefix, String cache, String key, String expected) {
        assertThat(KeyEncoder.of(prefix, cache, String.class).encode(key)).isEqualTo(expected);
    }

    @Test
    void encode_blanksAndControlCharacters_areEscaped() {
        assertThat(encoder.encode("\r\nflush_all\r\n")).isEqualTo("c:%0D%0Aflush_all%0D%0A");
        assertThat(encoder.encode("\u0000\t\u007F\u00A0\u2028")).isEqualTo("c:%00%09%7F%C2%A0%E2%80%A8");
    }

    @Test
    void encode_halfASurrogatePair_isNotTakenForAnotherKey() {
        List<String> keys = List.of("\uD800", "\uD801", "\uDC00", "?", "\uFFFD", "\uD800\uDC00", "\uDC00\uD800");

        assertThat(keys.stream().map(encoder::encode)).doesNotHaveDuplicates().contains("c:%ED%A0%80");
    }

    @Test
    void encode_formOf250Bytes_staysPlain() {
        assertThat(encoder.encode("k".repeat(248))).isEqualTo("c:" + "k".repeat(248));
    }

    @Test
    void encode_escapedFormOf250Bytes_staysPlain() {
        assertThat(encoder.encode("é".repeat(41) + "xx")).isEqualTo("c:" + "%C3%A9".repeat(41) + "xx");
        assertThat(encoder.encode("é".repeat(41) + "xxx")).contains("%sha256=");
    }

    @Test
    void encode_formOf251Bytes_isDigestedWithAReadableStart() {
        assertThat(encoder.encode("k".repeat(249)))
                .isEqualTo("c:" + "k".repeat(126) + "%sha256=" + "0OkKAOZgu5MiGCQhXyOrDzu-OHAL2vLdMx8qm3kEJTw");
    }

    @Test
    void encode_shortKeyThatIsLongWhenEscaped_isDigestedBetweenEscapes() {
        String form = encoder.encode("é".repeat(50));

        assertThat(form)
                .isEqualTo("c:" + "%C3%A9".repeat(21) + "%sha256=" + "vmxWcPw9cEIkp8Qtp9E9pKK-9JmBLQ0CnuGa-7N3kRk");
        assertThat(encoder.encode("x" + "é".repeat(50))).startsWith("c:x" + "%C3%A9".repeat(20) + "%C3%sha256=");
        assertThat(encoder.encode("xy" + "é".repeat(50))).startsWith("c:xy" + "%C3%A9".repeat(20) + "%C3%sha256=");
    }

    @Test
    void encode_longKeysThatDifferAtTheEnd_differ() {
        assertThat(encoder.encode("k".repeat(1_000) + "a")).isNotEqualTo(encoder.encode("k".repeat(1_000) + "b"));
    }

    @Test
    void encode_keyThatLooksDigested_isNotTheDigestedKey() {
        String digested = encoder.encode("k".repeat(300));

        assertThat(encoder.encode(digested.substring("c:".length()))).isNotEqualTo(digested);
    }

    @ParameterizedTest
    @CsvSource({"'', %generations", "p, p/%generations", "a/b, a%2Fb/%generations"})
    void reserved_anyPrefix_hasTheStableForm(String prefix, String expected) {
        assertThat(KeyEncoder.reserved(prefix, "generations")).isEqualTo(expected);
    }

    @Test
    void reserved_keysMadeToLookLikeIt_areOthers() {
        String reserved = KeyEncoder.reserved("p", "generations");

        assertThat(KeyEncoder.of("", "p/%generations", String.class).encode("")).isEqualTo("p%2F%25generations:");
        assertThat(KeyEncoder.of("p", "%generations", String.class).encode("")).isNotEqualTo(reserved);
        assertThat(KeyEncoder.of("p", "", String.class).encode("%generations")).isNotEqualTo(reserved);
    }

    @Test
    void reserved_longestPrefix_isAMemcachedKeyOfItsOwn() {
        String one = KeyEncoder.reserved("é".repeat(49) + "1", "generations");

        assertThat(one).hasSizeBetween(1, 250).matches("[!-~]+");
        assertThat(one).isNotEqualTo(KeyEncoder.reserved("é".repeat(49) + "2", "generations"));
    }

    @Test
    void encode_longCacheNameAndPrefix_fitAndDiffer() {
        String one =
                KeyEncoder.of("p".repeat(200), "c".repeat(200), String.class).encode("a");
        String other =
                KeyEncoder.of("p".repeat(200), "c".repeat(200), String.class).encode("b");

        assertThat(one).hasSizeLessThanOrEqualTo(250).isNotEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void encode_randomPrefixCacheAndKey_isAMemcachedKeyAndNeverCollides(long seed) {
        Random random = new Random(seed);
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            List<String> names = List.of(text(random, 3), text(random, 3), text(random, 5));

            String form =
                    KeyEncoder.of(names.get(0), names.get(1), String.class).encode(names.get(2));

            assertThat(form).hasSizeBetween(1, 250).matches("[!-~]+");
            List<String> before = seen.putIfAbsent(form, names);
            assertThat(before == null || before.equals(names))
                    .as("%s and %s are both %s", before, names, form)
                    .isTrue();
        }
        assertThat(seen).hasSizeGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void encode_randomLongKey_isAMemcachedKey(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            assertThat(encoder.encode(text(random, 400))).hasSizeBetween(1, 250).matches("[!-~]+");
        }
    }

    @Test
    void encode_keyFunction_namesTheKey() {
        KeyEncoder<Two> two = KeyEncoder.of("", "c", (Two key) -> key.a() + " " + key.b());

        assertThat(two.encode(new Two(1, 2))).isEqualTo("c:1%202");
    }

    @Test
    void encode_keyFunctionGivesNull_isRefused() {
        KeyEncoder<Two> none = KeyEncoder.of("", "twos", (Two key) -> null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.encode(new Two(1, 2)))
                .withMessageContaining("key(...)")
                .withMessageContaining("twos")
                .withMessageContaining(Two.class.getName());
    }

    @Test
    void encode_nullKey_isRefused() {
        assertThatNullPointerException().isThrownBy(() -> encoder.encode(null));
        assertThatNullPointerException().isThrownBy(() -> encoder.localKey(null));
    }

    @Test
    void localKey_nativeType_isTheKeyItself() {
        Long key = 1_234_567L;

        assertThat(KeyEncoder.of("p", "c", Long.class).localKey(key)).isSameAs(key);
        assertThat(KeyEncoder.of("p", "c", Shape.class).localKey(Shape.ROUND)).isSameAs(Shape.ROUND);
    }

    @Test
    void localKey_keyFunction_isWhatMemcachedTellsApart() {
        Function<String, String> sameInAnyCase = key -> key.toLowerCase(Locale.ROOT);
        KeyEncoder<String> caseless = KeyEncoder.of("", "c", sameInAnyCase);

        assertThat(caseless.localKey("A")).isEqualTo(caseless.localKey("a")).isEqualTo("c:a");
    }

    @Test
    void of_otherTypeWithoutFunction_isRefusedNamingCacheTypeAndSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyEncoder.of("", "twos", Two.class))
                .withMessageContaining("\"twos\"")
                .withMessageContaining(Two.class.getName())
                .withMessageContaining("key(...)");
    }

    @ParameterizedTest
    @ValueSource(classes = {CharSequence.class, Object.class, Double.class, Character.class, Enum.class, Number.class})
    void of_typeWhoseTextIsNotItsIdentity_isRefused(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyEncoder.of("", "c", type))
                .withMessageContaining(type.getName());
    }

    /** Few letters, chosen to meet each other's escapes. */
    private static String text(Random random, int maxLength) {
        String letters = "ab:/% 2F5é\n\uD800\uDC00?";
        int length = random.nextInt(maxLength + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
