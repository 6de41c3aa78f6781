package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.ValueType;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys of every kind are told apart, values of every kind come back as they were. */
class KeysAndValuesTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Fleet fleet;

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();

    @BeforeAll
    static void start() {
        fleet = new Fleet();
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private ReadThroughCache.Builder<String, String> counting(CacheClient client) {
        return Fleet.strings(client, name)
                .loader(key -> key + " " + loads.incrementAndGet())
                .expireAfterWrite(LONG);
    }

    private static void awaitWrites(ReadThroughCache<?, ?> cache, long writes) {
        await().pollInterval(2, TimeUnit.MILLISECONDS).until(() -> cache.stats().writes() >= writes);
    }

    record Page(long id, String title, List<LocalDate> edits) {}

    @Test
    void values_ofEachType_comeBackAsTheyWere() {
        roundTrip(String.class, "grüße 漢字");
        roundTrip(Integer.class, -7);
        roundTrip(Long.class, Long.MIN_VALUE);
        roundTrip(Short.class, (short) 9);
        roundTrip(Byte.class, (byte) -1);
        roundTrip(Double.class, Double.NaN);
        roundTrip(Float.class, 1.5f);
        roundTrip(Boolean.class, true);
        roundTrip(byte[].class, new byte[] {0, 13, 10, -1});
        roundTrip(Page.class, new Page(7, "t", List.of(LocalDate.of(2015, 2, 3))));
        roundTrip(String.class, "x".repeat(500_000));
        roundTrip(String.class, "");
    }

    private static <V> void roundTrip(Class<V> type, V value) {
        String name = Fleet.name();
        ReadThroughCache<Long, V> writer =
                fleet.here.cache(name, Long.class, type).expireAfterWrite(LONG).build();
        ReadThroughCache<Long, V> reader = fleet.there
                .cache(name, Long.class, type)
                .loader(key -> null)
                .expireAfterWrite(LONG)
                .build();
        assertThat(writer.get(1L, key -> value)).isEqualTo(value);
        awaitWrites(writer, 1);
        Lookup<V> found = reader.lookup(1L);
        assertThat(found.value()).isEqualTo(value);
        assertThat(found.source()).isEqualTo(Source.MEMCACHED);
    }

    @Test
    void values_ofAGenericType_comeBackWithTheirTypeArguments() {
        Map<String, List<Page>> value = Map.of("a", List.of(new Page(1, "one", List.of())));
        ReadThroughCache<Long, Map<String, List<Page>>> here = fleet.here
                .cache(name, Long.class, new ValueType<Map<String, List<Page>>>() {})
                .expireAfterWrite(LONG)
                .build();
        ReadThroughCache<Long, Map<String, List<Page>>> there = fleet.there
                .cache(name, Long.class, new ValueType<Map<String, List<Page>>>() {})
                .expireAfterWrite(LONG)
                .build();

        here.put(1L, value);

        assertThat(there.peek(1L)).contains(value);
    }

    /** What {@code Long::class.java} is in Kotlin. */
    @Test
    void primitiveClasses_areTheirWrappers() {
        primitive(int.class, int.class, 7, -7);
        primitive(long.class, long.class, 7L, Long.MIN_VALUE);
        primitive(short.class, short.class, (short) 7, (short) 9);
        primitive(byte.class, byte.class, (byte) 7, (byte) -1);
        primitive(long.class, double.class, 7L, Double.NaN);
        primitive(long.class, float.class, 7L, 1.5f);
        primitive(long.class, boolean.class, 7L, true);
        primitive(long.class, char.class, 7L, 'c');
    }

    private static <K, V> void primitive(Class<K> keyType, Class<V> valueType, K key, V value) {
        String name = Fleet.name();
        ReadThroughCache<K, V> writer = fleet.here
                .cache(name, keyType, valueType)
                .loader(k -> value)
                .expireAfterWrite(LONG)
                .build();
        ReadThroughCache<K, V> reader = fleet.there
                .cache(name, boxed(keyType), boxed(valueType))
                .expireAfterWrite(LONG)
                .build();
        assertThat(writer.get(key)).isEqualTo(value);
        awaitWrites(writer, 1);
        assertThat(reader.peek(key)).contains(value);
    }

    @SuppressWarnings("unchecked") // long.class is a Class<Long>
    private static <T> Class<T> boxed(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    /** What a type token of {@code List<Page>} is in Kotlin. */
    @Test
    void values_ofAGenericTypeWithWildcards_comeBackWithTheirTypeArguments() {
        List<Page> value = List.of(new Page(1, "one", List.of(LocalDate.of(2015, 2, 3))));
        ReadThroughCache<Long, List<? extends Page>> here = fleet.here
                .cache(name, long.class, new ValueType<List<? extends Page>>() {})
                .expireAfterWrite(LONG)
                .build();
        ReadThroughCache<Long, List<? extends Page>> there = fleet.there
                .cache(name, Long.class, new ValueType<List<? extends Page>>() {})
                .expireAfterWrite(LONG)
                .build();

        here.put(1L, value);

        assertThat(there.peek(1L).orElseThrow().get(0)).isEqualTo(value.get(0));
    }

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

    record Point(int x, int y) {}

    @Test
    void keys_ofEachType_areToldApart() {
        tellApart(String.class, "a", "b");
        tellApart(Long.class, 1L, -1L);
        tellApart(Integer.class, 1, 11);
        tellApart(Short.class, (short) 1, (short) 2);
        tellApart(Byte.class, (byte) 1, (byte) 2);
        tellApart(UUID.class, UUID.randomUUID(), UUID.randomUUID());
        tellApart(Colour.class, Colour.RED, Colour.GREEN);
    }

    private static <K> void tellApart(Class<K> type, K one, K other) {
        ReadThroughCache<K, String> cache = fleet.here
                .cache(Fleet.name(), type, String.class)
                .loader(key -> "of " + key)
                .expireAfterWrite(LONG)
                .build();
        cache.get(one);
        cache.get(other);
        awaitWrites(cache, 2);
        assertThat(cache.peek(one)).contains("of " + one);
        assertThat(cache.peek(other)).contains("of " + other);
    }

    @Test
    void keys_ofAnotherType_areNamedByTheFunction() {
        ReadThroughCache<Point, String> cache = fleet.here
                .cache(name, Point.class, String.class)
                .key(point -> point.x() + "," + point.y())
                .loader(Point::toString)
                .expireAfterWrite(LONG)
                .build();

        assertThat(cache.get(new Point(1, 2))).isEqualTo("Point[x=1, y=2]");
        awaitWrites(cache, 1);
        assertThat(cache.lookup(new Point(1, 2)).source()).isEqualTo(Source.MEMCACHED);
        assertThat(fleet.line.hasValue(name + ":1,2")).isTrue();
    }

    @Test
    void keys_withBlanksUnicodeOrGreatLength_areToldApart() {
        ReadThroughCache<String, String> here = counting(fleet.here).build();
        ReadThroughCache<String, String> there = counting(fleet.there).build();
        List<String> keys = List.of(
                "ab",
                "a b",
                "a  b",
                "a\r\nb",
                "a\tb",
                "a%20b",
                "",
                " ",
                "ключ",
                "漢字",
                "\uD83D\uDE00",
                "x".repeat(300),
                "x".repeat(301),
                "x".repeat(250),
                " ".repeat(249) + "a",
                " ".repeat(249) + "b");

        keys.forEach(key -> here.put(key, "of " + key));

        keys.forEach(key -> assertThat(there.peek(key)).contains("of " + key));
    }
}
