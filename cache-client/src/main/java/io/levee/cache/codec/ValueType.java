package io.levee.cache.codec;

import java.lang.reflect.Type;

/**
 * Names a generic type, which a class literal cannot: {@code new ValueType<List<String>>() {}} (the braces make the subclass in
 * which Java keeps the type argument; the idea is Neal Gafter's super type token). In Kotlin, {@code object :
 * ValueType<List<String>>() {}}.
 *
 * <p>Subclasses of subclasses will do, if together they say what the type is: with {@code class ListOf<E> extends
 * ValueType<List<E>>}, {@code new ListOf<String>() {}} is a list of strings. A type variable that nobody has given a value
 * is not known at run time and is refused; a Kotlin {@code inline} function with a {@code reified} type parameter has given it one.
 */
public abstract class ValueType<V> {
    private final Type type;

    /**
     * Keeps the type argument that the subclass names which this is called from.
     *
     * @throws IllegalArgumentException if it names none, or has a type variable in it
     */
    protected ValueType() {
        type = TypeArgument.of(getClass(), ValueType.class);
    }

    private ValueType(Type type) {
        this.type = type;
    }

    /**
     * For a type that is known as such only, from a method's signature say. That {@code V} is what {@code type} stands for is the
     * caller's to know.
     *
     * @throws IllegalArgumentException if it is null
     */
    public static <V> ValueType<V> of(Type type) {
        if (type == null) {
            throw new IllegalArgumentException("type must not be null");
        }
        return new ValueType<>(type) {};
    }

    /** Never a type variable, and none in it; may have wildcards in it, as Kotlin writes them. */
    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
