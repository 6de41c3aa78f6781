package io.levee.cache.codec;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What a subclass says of the type parameter of one of its superclasses, through all classes in between. Pure functions. */
final class TypeArgument {
    private TypeArgument() {}

    /**
     * The argument of {@code above}'s only type parameter.
     *
     * @throws IllegalArgumentException if a class on the way leaves it open; the message names it
     */
    static Type of(Class<?> below, Class<?> above) {
        Map<TypeVariable<?>, Type> known = new HashMap<>();
        for (Class<?> each = below; each != above; each = each.getSuperclass()) {
            if (each.getGenericSuperclass() instanceof ParameterizedType named) {
                TypeVariable<?>[] parameters = each.getSuperclass().getTypeParameters();
                for (int i = 0; i < parameters.length; i++) {
                    known.put(parameters[i], replaced(named.getActualTypeArguments()[i], known));
                }
            }
        }
        Type argument = known.get(above.getTypeParameters()[0]);
        TypeVariable<?> open = argument == null ? null : open(argument);
        if (argument == null || open != null) {
            String simpleName = above.getSimpleName();
            throw new IllegalArgumentException((open == null
                            ? "a raw " + simpleName + " names no type"
                            : "the type variable " + open + " of " + open.getGenericDeclaration()
                                    + " is not known at run time")
                    + ": name the type, as in new " + simpleName + "<List<String>>() {}");
        }
        return argument;
    }

    /** The type with its variables replaced by what is known of them; the very same object if it has none. */
    private static Type replaced(Type type, Map<TypeVariable<?>, Type> known) {
        if (type instanceof TypeVariable<?> variable) {
            return known.getOrDefault(variable, variable);
        }
        if (open(type) == null) {
            return type;
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(argument -> replaced(argument, known))
                    .toArray(Type[]::new);
            return new Parameterized(generic.getOwnerType(), (Class<?>) generic.getRawType(), arguments);
        }
        if (type instanceof GenericArrayType array) {
            Type component = replaced(array.getGenericComponentType(), known);
            return component instanceof Class<?> plain ? plain.arrayType() : new GenericArray(component);
        }
        WildcardType wildcard = (WildcardType) type;
        for (Type below : wildcard.getLowerBounds()) {
            if (open(replaced(below, known)) != null) {
                return below;
            }
        }
        // To a codec, "some subtype of T" is a T.
        return replaced(wildcard.getUpperBounds()[0], known);
    }

    /** A variable in the type, or null. */
    private static TypeVariable<?> open(Type type) {
        if (type instanceof TypeVariable<?> variable) {
            return variable;
        }
        if (type instanceof ParameterizedType generic) {
            TypeVariable<?> ofOwner = generic.getOwnerType() == null ? null : open(generic.getOwnerType());
            return ofOwner != null ? ofOwner : open(generic.getActualTypeArguments());
        }
        if (type instanceof GenericArrayType array) {
            return open(array.getGenericComponentType());
        }
        if (type instanceof WildcardType wildcard) {
            TypeVariable<?> below = open(wildcard.getLowerBounds());
            return below != null ? below : open(wildcard.getUpperBounds());
        }
        return null;
    }

    private static TypeVariable<?> open(Type[] types) {
        return Arrays.stream(types)
                .map(TypeArgument::open)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Equal to the JDK's own of the same parts. */
    private static final class Parameterized implements ParameterizedType {
        private final Type owner;
        private final Class<?> raw;
        private final Type[] arguments;

        Parameterized(Type owner, Class<?> raw, Type[] arguments) {
            this.owner = owner;
            this.raw = raw;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public Type getOwnerType() {
            return owner;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ParameterizedType that
                    && raw.equals(that.getRawType())
                    && Objects.equals(owner, that.getOwnerType())
                    && Arrays.equals(arguments, that.getActualTypeArguments());
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(arguments) ^ Objects.hashCode(owner) ^ raw.hashCode();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(raw.getName()).append('<');
            for (int i = 0; i < arguments.length; i++) {
                text.append(i == 0 ? "" : ", ").append(arguments[i].getTypeName());
            }
            return text.append('>').toString();
        }
    }

    private record GenericArray(Type component) implements GenericArrayType {
        @Override
        public Type getGenericComponentType() {
            return component;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof GenericArrayType that && component.equals(that.getGenericComponentType());
        }

        @Override
        public int hashCode() {
            return component.hashCode();
        }

        @Override
        public String toString() {
            return component.getTypeName() + "[]";
        }
    }
}
