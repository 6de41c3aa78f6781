package io.levee.cache.spring.method;

import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeConfigurationException;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.cache.spring.cache.CachedMethods;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/** Reads the annotations of methods, and refuses those that cannot work, with the method's name and what to write. */
final class MethodReader {
    /** A key that is nothing but a parameter. */
    private static final Pattern PARAMETER = Pattern.compile("\\s*#(\\w+)\\s*");

    private static final Set<Class<?>> OWN_TEXT =
            Set.of(String.class, Byte.class, Short.class, Integer.class, Long.class, UUID.class);

    private final CallExpressions expressions;
    private final StringValueResolver placeholders;

    MethodReader(CallExpressions expressions, StringValueResolver placeholders) {
        this.expressions = expressions;
        this.placeholders = placeholders;
    }

    /** Null if the method has none of the annotations that make it a loader. */
    ReadThroughMethod read(Class<?> bean, Method method) {
        ReadThrough annotation = AnnotatedElementUtils.findMergedAnnotation(method, ReadThrough.class);
        PeriodicWriteThrough periodic = AnnotatedElementUtils.findMergedAnnotation(method, PeriodicWriteThrough.class);
        String name = ReadThroughMethod.name(bean, method);
        if (annotation == null) {
            if (periodic != null) {
                throw wrong(name, "has @PeriodicWriteThrough, but not @ReadThrough", "Add @ReadThrough.");
            }
            return null;
        }
        checkCanBeIntercepted(name, method);
        checkReturns(name, bean, method);
        if (annotation.cacheNames().length != 1) {
            throw wrong(
                    name,
                    "has @ReadThrough with " + annotation.cacheNames().length + " cache names",
                    "Name the one cache that it loads.");
        }
        Expression key = parse(name, "key", annotation.key());
        int parameter =
                key == null ? (method.getParameterCount() == 1 ? 0 : -1) : parameterNamed(annotation.key(), method);
        Class<?> type = parameter < 0
                ? Object.class
                : parameterType(bean, method, parameter).resolve(Object.class);
        boolean bulk = Collection.class.isAssignableFrom(type);
        return new ReadThroughMethod(
                bean,
                method,
                annotation.cacheNames()[0],
                ownText(bulk ? idType(name, bean, method, parameter) : type),
                bulk ? bulkValueType(name, bean, method, parameter) : valueType(name, bean, method),
                key,
                parse(name, "condition", annotation.condition()),
                parse(name, "unless", annotation.unless()),
                bulk ? parameter : -1,
                method.getParameterCount() == 0
                        ? key == null
                        : method.getParameterCount() == 1 && parameter == 0 && !type.isArray(),
                settings(name, annotation),
                periodic);
    }

    static void checkCanBeIntercepted(String name, Method method) {
        for (int modifier : new int[] {Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL}) {
            if ((method.getModifiers() & modifier) != 0) {
                throw wrong(
                        name,
                        "is " + Modifier.toString(modifier) + ", so that no proxy sees its calls",
                        "Make it a method that can be overridden.");
            }
        }
    }

    private static void checkReturns(String name, Class<?> bean, Method method) {
        Class<?> raw = ResolvableType.forMethodReturnType(method, bean).resolve(Object.class);
        if (raw == void.class || raw == Void.class) {
            throw wrong(name, "returns nothing that could be cached", "Let it return its value.");
        }
        boolean later = Future.class.isAssignableFrom(raw)
                || CompletionStage.class.isAssignableFrom(raw)
                || KotlinDetector.isSuspendingFunction(method)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw) != null;
        if (later || BaseStream.class.isAssignableFrom(raw) || Iterator.class.isAssignableFrom(raw)) {
            throw wrong(
                    name,
                    "returns a " + raw.getName() + ": @ReadThrough takes methods that return their value",
                    later
                            ? "Return the value, or use Spring's @Cacheable, which waits for promises."
                            : "Return a list.");
        }
    }

    private static Type valueType(String name, Class<?> bean, Method method) {
        Type type = CachedMethods.valueType(bean, method).orElse(Object.class);
        if (type == Object.class) {
            throw wrong(
                    name,
                    "returns an Object: which class to make of what memcached has must be known",
                    "Give it a return type that says so.");
        }
        return type;
    }

    private static Class<?> idType(String name, Class<?> bean, Method method, int parameter) {
        ResolvableType collection = parameterType(bean, method, parameter);
        Class<?> raw = collection.resolve(Object.class);
        if (raw != Collection.class && raw != List.class && raw != Set.class) {
            throw wrong(
                    name,
                    "takes its ids as a " + raw.getName() + ", which cannot be made of some of them",
                    "Take a Collection, a List or a Set.");
        }
        Class<?> id = collection.as(Collection.class).getGeneric(0).resolve();
        if (id == null) {
            throw wrong(name, "does not say of which type its ids are", "Say it, as in Collection<Long>.");
        }
        return id;
    }

    private static Type bulkValueType(String name, Class<?> bean, Method method, int parameter) {
        ResolvableType map = ResolvableType.forMethodReturnType(method, bean);
        Class<?> id = idType(name, bean, method, parameter);
        if (!map.resolve(Object.class).isAssignableFrom(LinkedHashMap.class)
                || map.resolve() == Object.class
                || map.as(java.util.Map.class).getGeneric(0).resolve() != id) {
            throw wrong(
                    name,
                    "takes a collection of ids and returns " + map
                            + ": a method of many ids is cached by the id, so it returns a map",
                    "Return a Map<" + id.getSimpleName()
                            + ", …>; or, if the whole collection is the key, name it with key, as in"
                            + " key = \"new java.util.TreeSet(#ids)\".");
        }
        if (valueType(name, bean, method) instanceof ParameterizedType typed
                && typed.getActualTypeArguments()[1] != Object.class) {
            return typed.getActualTypeArguments()[1];
        }
        throw wrong(name, "returns a map that does not say of which type its values are", "Say it.");
    }

    private static ResolvableType parameterType(Class<?> bean, Method method, int parameter) {
        return ResolvableType.forMethodParameter(method, parameter, bean);
    }

    private static Class<?> ownText(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        return boxed.isEnum() || OWN_TEXT.contains(boxed) ? boxed : Object.class;
    }

    /** -1 if the key is more than that. */
    private int parameterNamed(String key, Method method) {
        Matcher variable = PARAMETER.matcher(key);
        if (!variable.matches()) {
            return -1;
        }
        String[] names = expressions.parameterNames(method);
        for (int i = 0; i < method.getParameterCount(); i++) {
            String name = variable.group(1);
            if (name.equals("p" + i) || name.equals("a" + i) || (names != null && name.equals(names[i]))) {
                return i;
            }
        }
        return -1;
    }

    Expression parse(String name, String attribute, String text) {
        try {
            return expressions.parse(text);
        } catch (ParseException e) {
            throw new LeveeConfigurationException(
                    null,
                    "Method " + name + ": " + attribute + " \"" + text + "\" is no SpEL: " + e.getMessage() + ".",
                    "Correct it; a text is written in quotes, as in '" + text.replace("'", "") + "'.",
                    e);
        }
    }

    private CacheOptions settings(String name, ReadThrough annotation) {
        return new CacheOptions(
                duration(name, "expireAfterWrite", annotation.expireAfterWrite()),
                duration(name, "staleFor", annotation.staleFor()),
                duration(name, "refreshAfterWrite", annotation.refreshAfterWrite()),
                duration(name, "nearCache", annotation.nearCache()),
                duration(name, "cacheAbsent", annotation.cacheAbsent()),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Null for none. */
    Duration duration(String name, String attribute, String text) {
        String resolved = resolve(name, attribute, text);
        if (resolved.matches("[+-]?0*[1-9]\\d*")) {
            // Spring Boot would take milliseconds, and who comes from annotations with seconds means those.
            throw new LeveeConfigurationException(
                    "Method " + name + ": " + attribute + " is \"" + resolved + "\""
                            + (resolved.equals(text) ? "" : ", from \"" + text + "\"") + ", which has no unit.",
                    "Write it with its unit, as 10m, 500ms or PT10M.");
        }
        try {
            return resolved.isEmpty() ? null : DurationStyle.detectAndParse(resolved);
        } catch (IllegalArgumentException e) {
            throw new LeveeConfigurationException(
                    null,
                    "Method " + name + ": " + attribute + " is \"" + resolved + "\""
                            + (resolved.equals(text) ? "" : ", from \"" + text + "\"") + ", which is no duration.",
                    "Write it as 10m, 500ms or PT10M.",
                    e);
        }
    }

    /** With its placeholders replaced. */
    String resolve(String name, String attribute, String text) {
        try {
            String resolved = placeholders.resolveStringValue(text);
            return resolved == null ? "" : resolved.strip();
        } catch (IllegalArgumentException e) {
            throw new LeveeConfigurationException(
                    null,
                    "Method " + name + ": " + attribute + " is \"" + text + "\": " + e.getMessage() + ".",
                    "Set the property, or write a default value as in ${stats.fresh:10m}.",
                    e);
        }
    }

    static LeveeConfigurationException wrong(String method, String what, String action) {
        return new LeveeConfigurationException("Method " + method + " " + what + ".", action);
    }
}
