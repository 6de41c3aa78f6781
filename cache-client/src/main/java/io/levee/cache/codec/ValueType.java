package io.levee.cache.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * Names a generic type, which a class literal cannot: {@code new ValueType<List<String>>() {}} (the braces make the subclass in
 * which Java keeps the type argument; the idea is Neal Gafter's super type token).
 */
public abstract class ValueType<V> {
    private final Type type;

    /**
     * Keeps the type argument of the subclass that this is called from.
     *
     * @throws IllegalArgumentException if there is none
     */
    protected ValueType() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType self)) {
            throw new IllegalArgumentException("name the type: new ValueType<List<String>>() {}");
        }
        type = self.getActualTypeArguments()[0];
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

    public final Type type() {
        return type;
    }
}
