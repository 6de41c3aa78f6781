package io.levee.cache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

/** Keys as text: never the same for two keys, always the same for one. */
class KeyTextTest {
    private record Place(String country, int zip) {}

    private record Spot(String country, int zip) {}

    private static String text(Object key) {
        return KeyText.of("pages", key);
    }

    @Test
    void key_ofAUsualType_isWrittenAsInJava() {
        assertThat(text("abc")).isEqualTo("'abc'");
        assertThat(text("it's \\")).isEqualTo("'it\\'s \\\\'");
        assertThat(text(42)).isEqualTo("42");
        assertThat(text(42L)).isEqualTo("42L");
        assertThat(text(true)).isEqualTo("true");
        assertThat(text(TimeUnit.DAYS)).isEqualTo("java.util.concurrent.TimeUnit.DAYS");
        assertThat(text(SimpleKey.EMPTY)).isEqualTo("()");
        assertThat(text(new SimpleKey(42L, "abc", null))).isEqualTo("(42L,'abc',null)");
        assertThat(text(List.of(1, List.of(2)))).isEqualTo("[1,[2]]");
        assertThat(text(new Place("IS", 101))).isEqualTo(Place.class.getName() + "('IS',101)");
    }

    @Test
    void keys_thatAreNotEqual_haveDifferentTexts() {
        List<Object> keys = new ArrayList<>(Arrays.asList(
                "42",
                42,
                42L,
                (short) 42,
                (byte) 42,
                42f,
                42d,
                'c',
                "c",
                BigInteger.valueOf(42),
                new BigDecimal("42"),
                new BigDecimal("42.0"),
                "null",
                "",
                "'",
                "\\",
                "true",
                true,
                "()",
                "42L",
                "[1]",
                List.of(1),
                Set.of(1),
                Map.of(1, 1),
                new int[] {1},
                new Integer[] {1},
                new long[] {1},
                new Object[] {1},
                SimpleKey.EMPTY,
                new SimpleKey(),
                List.of(),
                new SimpleKey(List.of(1)),
                new SimpleKey(1, 2),
                new SimpleKey("1,2"),
                new SimpleKey("1", "2"),
                new SimpleKey("1','2"),
                new SimpleKey(new SimpleKey(1), 2),
                new SimpleKey(new SimpleKey(1, 2)),
                new SimpleKey((Object) new String[] {"a"}),
                new SimpleKey((Object) null),
                new Place("IS", 101),
                new Spot("IS", 101),
                new Place("IS,101", 1),
                TimeUnit.DAYS,
                TimeUnit.HOURS,
                "java.util.concurrent.TimeUnit.DAYS",
                TimeUnit.class,
                UUID.fromString("00000000-0000-0000-0000-000000000001"),
                "00000000-0000-0000-0000-000000000001",
                Instant.EPOCH,
                LocalDate.EPOCH,
                "1970-01-01",
                URI.create("1970-01-01"),
                Locale.ROOT,
                Locale.ENGLISH,
                0.0,
                -0.0));
        keys.remove(keys.indexOf(SimpleKey.EMPTY));

        assertThat(keys.stream().map(KeyTextTest::text)).doesNotHaveDuplicates();
    }

    @Test
    void keys_thatAreEqual_haveTheSameText() {
        assertThat(text(new ArrayList<>(List.of(1, 2)))).isEqualTo(text(List.of(1, 2)));
        assertThat(text(new LinkedHashSet<>(List.of("b", "a")))).isEqualTo(text(new TreeSet<>(Set.of("a", "b"))));
        assertThat(text(new TreeMap<>(Map.of("a", 1, "b", 2)))).isEqualTo(text(Map.of("b", 2, "a", 1)));
        assertThat(text(new SimpleKey())).isEqualTo(text(SimpleKey.EMPTY));
        assertThat(text(new SimpleKey((Object) new int[] {1, 2})))
                .isEqualTo(text(new SimpleKey((Object) new int[] {1, 2})));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void simpleKeys_ofAnyTexts_areToldApart(long seed) {
        // Few letters, and those that the text itself is made of.
        Random random = new Random(seed);
        Map<String, SimpleKey> seen = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            Object[] elements = new Object[random.nextInt(4)];
            for (int e = 0; e < elements.length; e++) {
                StringBuilder element = new StringBuilder();
                for (int c = random.nextInt(4); c > 0; c--) {
                    element.append("',\\()a".charAt(random.nextInt(6)));
                }
                elements[e] = element.toString();
            }
            SimpleKey key = new SimpleKey(elements);
            SimpleKey other = seen.putIfAbsent(text(key), key);

            assertThat(other == null || other.equals(key))
                    .as("%s and %s", key, other)
                    .isTrue();
        }
    }

    @Test
    void key_ofAnUnknownType_isRefusedWithWhatToDo() {
        assertThatThrownBy(() -> text(new SimpleKey(1, new Thread())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cache \"pages\"")
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("key attribute");
    }

    @Test
    void key_thatHoldsItself_isRefused() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);

        assertThatThrownBy(() -> text(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nests deeper");
    }
}
