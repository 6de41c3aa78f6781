package io.levee.cache.spring.cache;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/** Tells a native image of types whose values are written as JSON or whose keys are written as text, each with what it is made of. */
public final class TypeHints {
    private static final String SUBTYPES = "com.fasterxml.jackson.annotation.JsonSubTypes";

    private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

    private TypeHints() {}

    /** Of a value, and of those that implement it as far as the type itself says so. */
    public static void value(RuntimeHints hints, Type type) {
        BINDING.registerReflectionHints(hints.reflection(), type);
        ResolvableType resolved = ResolvableType.forType(type);
        Stream.concat(Stream.of(resolved), Arrays.stream(resolved.getGenerics()))
                .map(part -> part.resolve(Object.class))
                .flatMap(TypeHints::implementations)
                .forEach(implementation -> value(hints, implementation));
    }

    private static Stream<Class<?>> implementations(Class<?> type) {
        Stream<Class<?>> named = Arrays.stream(MergedAnnotations.from(type)
                        .get(SUBTYPES)
                        .getValue(MergedAnnotation.VALUE, MergedAnnotation[].class)
                        .orElse(new MergedAnnotation<?>[0]))
                .map(subtype -> subtype.getClass(MergedAnnotation.VALUE));
        Stream<Class<?>> permitted = type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.empty();
        return Stream.concat(named, permitted).filter(implementation -> implementation != type);
    }

    /**
     * Of the arguments of a method that are part of a key.
     *
     * @param all whether SpEL looks into them; else they are the key, and of these only records are looked into
     */
    public static void arguments(RuntimeHints hints, Class<?> bean, Method method, boolean all) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            ResolvableType parameter = ResolvableType.forMethodParameter(method, i, bean);
            if (all || parameter.resolve(Object.class).isRecord()) {
                BINDING.registerReflectionHints(hints.reflection(), parameter.getType());
            }
        }
    }
}
