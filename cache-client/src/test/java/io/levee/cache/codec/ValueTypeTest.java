package io.levee.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValueTypeTest {
    record Stats(String name, long count) {}

    record Pair<A, B>(A first, B second) {}

    /** As a library might have it, to say less each time. */
    abstract static class ListOf<E> extends ValueType<List<E>> {}

    abstract static class Middle<A, B> extends ListOf<Map<B, A[]>> {}

    abstract static class Same<T> extends ValueType<T> {}

    abstract static class Bounded<T> extends ValueType<List<? extends T>> {}

    static class StatsList extends ValueType<List<Stats>> {}

    private static Object there(Type type, Object value) {
        Codec<Object> codec = CodecCatalog.codecFor(type, Optional.empty());
        return codec.decode(codec.encode(value));
    }

    @Test
    void type_namedDirectly_isThat() {
        assertThat(new ValueType<String>() {}.type()).isEqualTo(String.class);
        assertThat(new ValueType<byte[]>() {}.type()).isEqualTo(byte[].class);
        assertThat(new ValueType<List<String>>() {}.type().getTypeName()).isEqualTo("java.util.List<java.lang.String>");
        assertThat(new ValueType<List<String>>() {}).hasToString("java.util.List<java.lang.String>");
    }

    @Test
    void type_namedBySubclassesTogether_isFound() {
        Type listOfStats = new ValueType<List<Stats>>() {}.type();

        assertThat(new StatsList().type()).isEqualTo(listOfStats);
        assertThat(new StatsList() {}.type()).isEqualTo(listOfStats);
        assertThat(new ListOf<Stats>() {}.type()).isEqualTo(listOfStats).hasSameHashCodeAs(listOfStats);
        assertThat(listOfStats).isEqualTo(new ListOf<Stats>() {}.type());
        assertThat(new Same<Stats>() {}.type()).isEqualTo(Stats.class);
        assertThat(new Same<List<Stats>>() {}.type()).isEqualTo(listOfStats);
        assertThat(new Bounded<Stats>() {}.type()).isEqualTo(listOfStats);
        assertThat(new Middle<Stats, String>() {}.type())
                .isEqualTo(new ValueType<List<Map<String, Stats[]>>>() {}.type());
        assertThat(new Middle<List<Stats>, String>() {}.type())
                .isEqualTo(new ValueType<List<Map<String, List<Stats>[]>>>() {}.type());
        assertThat(new Middle<Stats, String>() {}.type())
                .hasToString("java.util.List<java.util.Map<java.lang.String, " + Stats.class.getName() + "[]>>");
    }

    @Test
    void type_ofSubclassesTogether_isReadByJson() {
        List<Stats> stats = List.of(new Stats("a", 1));
        Map<String, List<Stats>[]> map = new HashMap<>();
        @SuppressWarnings({"unchecked", "rawtypes"})
        List<Stats>[] lists = new List[] {stats};
        map.put("k", lists);

        assertThat(there(new ListOf<Stats>() {}.type(), stats)).isEqualTo(stats);
        List<?> read = (List<?>) there(new Middle<List<Stats>, String>() {}.type(), List.of(map));
        assertThat(((Object[]) ((Map<?, ?>) read.get(0)).get("k"))[0]).isEqualTo(stats);
    }

    /** Kotlin's List is covariant, and its compiler writes that into a type argument as a wildcard. */
    @Test
    void type_withWildcardsAsKotlinWritesThem_isReadByJson() {
        Type list = new ValueType<List<? extends Stats>>() {}.type();
        Type map = new ValueType<Map<String, ? extends List<? extends Stats>>>() {}.type();
        Type pair = new ValueType<Pair<? extends List<? extends Stats>, ? super Long>>() {}.type();
        Type array = new ValueType<List<? extends Stats>[]>() {}.type();
        List<Stats> stats = new ArrayList<>(List.of(new Stats("a", 1), new Stats("b", 2)));

        assertThat(there(list, stats)).isEqualTo(stats);
        assertThat(there(map, Map.of("k", stats))).isEqualTo(Map.of("k", stats));
        assertThat(((Pair<?, ?>) there(pair, new Pair<>(stats, 7L))).first()).isEqualTo(stats);
        assertThat((Object[]) there(array, new List<?>[] {stats})).containsExactly(stats);
    }

    @Test
    void type_withWildcards_isKeptAsItIs() {
        assertThat(((ParameterizedType) new ValueType<List<? extends Stats>>() {}.type())
                        .getActualTypeArguments()[0].getTypeName())
                .isEqualTo("? extends " + Stats.class.getName());
        assertThat(new ValueType<List<? extends Stats>[]>() {}.type()).isInstanceOf(GenericArrayType.class);
    }

    private static <T> ValueType<List<T>> listOf() {
        return new ValueType<>() {};
    }

    private static <T> ValueType<T> itself() {
        return new ValueType<>() {};
    }

    private static final class Inner<T> {
        ValueType<List<? super T[]>> ofOuter() {
            return new ValueType<>() {};
        }
    }

    @Test
    void type_ofATypeVariable_isRefusedAndNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(ValueTypeTest::<String>itself)
                .withMessageStartingWith("the type variable T of ")
                .withMessageContaining("itself()")
                .withMessageContaining("is not known at run time")
                .withMessageEndingWith("name the type, as in new ValueType<List<String>>() {}");
        assertThatIllegalArgumentException()
                .isThrownBy(ValueTypeTest::<String>listOf)
                .withMessageContaining("listOf()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Inner<String>().ofOuter())
                .withMessageContaining("type variable T of class");
    }

    @Test
    @SuppressWarnings("rawtypes")
    void type_leftOpenBySubclasses_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ValueType() {})
                .withMessageStartingWith("a raw ValueType names no type: name the type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ListOf() {})
                .withMessageContaining("type variable E of class " + ListOf.class.getName());
        assertThatIllegalArgumentException().isThrownBy(() -> new Same() {});
    }
}
