package io.levee.cache.spring.cache;

import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecCatalog;
import io.levee.cache.codec.CodecException;
import io.levee.cache.spring.LeveeConfigurationException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.ResolvableType;

/**
 * Which types the values of one cache may have: those that its methods return, or the one that {@code value-type} names. Bytes from
 * memcached choose among these, and name nothing else: they are untrusted.
 *
 * <p>Thread-safe. Types are added as beans are made.
 */
final class ValueTypes {
    private static final Class<?>[] ALWAYS = {
        String.class,
        byte[].class,
        Boolean.class,
        Byte.class,
        Short.class,
        Integer.class,
        Long.class,
        Float.class,
        Double.class
    };

    private final String cache;
    private final Optional<Codec<?>> clientCodec;
    private final boolean fixed;
    private final Map<Integer, Declared> byTag = new ConcurrentHashMap<>();

    /**
     * A type that values may have.
     *
     * @param by what declared it, for messages
     */
    record Declared(int tag, ResolvableType type, Codec<Object> codec, String by) {}

    /** @param only what {@code value-type} names, or null */
    ValueTypes(String cache, Optional<Codec<?>> clientCodec, Class<?> only) {
        this.cache = cache;
        this.clientCodec = clientCodec;
        this.fixed = only != null;
        for (Class<?> type : ALWAYS) {
            add(type, "Levee");
        }
        if (only != null) {
            add(only, "value-type");
        }
    }

    /**
     * Adds what a method returns.
     *
     * @throws LeveeConfigurationException if values of the type could not be read back
     */
    void declare(Type type, String method) {
        if (fixed) {
            return;
        }
        Class<?> raw = ResolvableType.forType(type).resolve(Object.class);
        if (raw == Object.class && clientCodec.isEmpty()) {
            throw new LeveeConfigurationException(
                    "Method " + method + " keeps values of type " + type.getTypeName() + " in cache \"" + cache
                            + "\": which class to make of what memcached has must be known.",
                    "Give the method a return type that says so, set levee.caches." + cache
                            + ".value-type, or define the cache with a bean of type CacheDefinition and a codec.");
        }
        for (Declared other : byTag.values()) {
            if (other.type().resolve() == raw && !other.type().getType().equals(type)) {
                throw new LeveeConfigurationException(
                        "Method " + method + " keeps values of type " + type.getTypeName() + " in cache \"" + cache
                                + "\", and " + other.by() + " keeps values of type "
                                + other.type().getType().getTypeName()
                                + " there: a value would not tell which of the two it is.",
                        "Use two caches.");
            }
        }
        add(type, method);
    }

    private void add(Type type, String by) {
        // The hash of a string is the same in every process and release.
        int tag = type.getTypeName().hashCode();
        Declared added;
        try {
            added = new Declared(tag, ResolvableType.forType(type), CodecCatalog.codecFor(type, clientCodec), by);
        } catch (IllegalArgumentException e) {
            throw new LeveeConfigurationException(
                    null,
                    "Cache \"" + cache + "\" cannot keep what " + by + " says: " + e.getMessage() + ".",
                    "Add spring-boot-starter-jackson, or a bean of type Codec.",
                    e);
        }
        Declared other = byTag.putIfAbsent(tag, added);
        if (tag == NullableCodec.NULL_TAG
                || (other != null && !other.type().getType().equals(type))) {
            throw new LeveeConfigurationException(
                    "The types " + type.getTypeName() + " and " + (other == null ? "null" : other.type())
                            + " of cache \"" + cache + "\" cannot be told apart.",
                    "Use two caches.");
        }
    }

    /** @throws CodecException if no type was declared that the value has */
    Declared of(Object value) {
        Declared best = null;
        for (Declared declared : byTag.values()) {
            Class<?> raw = declared.type().resolve(Object.class);
            if (raw == value.getClass()) {
                return declared;
            }
            if (raw.isInstance(value)
                    && (best == null || best.type().resolve(Object.class).isAssignableFrom(raw))) {
                best = declared;
            }
        }
        if (best == null) {
            throw new CodecException("cache \"" + cache + "\": no method with a cache annotation returns a "
                    + value.getClass().getName() + ", so it could not be read back; set levee.caches." + cache
                    + ".value-type");
        }
        return best;
    }

    /** @throws CodecException if there is none */
    Declared tagged(int tag) {
        Declared declared = byTag.get(tag);
        if (declared == null) {
            throw new CodecException("the value is of a type that no method of this application returns");
        }
        return declared;
    }
}
