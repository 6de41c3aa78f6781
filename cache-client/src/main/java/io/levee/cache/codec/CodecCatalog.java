package io.levee.cache.codec;

import static java.util.Map.entry;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;

/** Which codec a cache gets that was not given one. Stateless; never blocks. */
public final class CodecCatalog {
    private static final String JACKSON = "tools.jackson.databind.json.JsonMapper";

    private static final Map<Type, Codec<?>> BUILT_IN = Map.ofEntries(
            entry(String.class, new CompressingCodec<>(StringCodec.INSTANCE)),
            entry(byte[].class, new CompressingCodec<>(BytesCodec.INSTANCE)),
            entry(Boolean.class, ScalarCodec.BOOLEAN),
            entry(boolean.class, ScalarCodec.BOOLEAN),
            entry(Byte.class, ScalarCodec.BYTE),
            entry(byte.class, ScalarCodec.BYTE),
            entry(Short.class, ScalarCodec.SHORT),
            entry(short.class, ScalarCodec.SHORT),
            entry(Integer.class, ScalarCodec.INTEGER),
            entry(int.class, ScalarCodec.INTEGER),
            entry(Long.class, ScalarCodec.LONG),
            entry(long.class, ScalarCodec.LONG),
            entry(Float.class, ScalarCodec.FLOAT),
            entry(float.class, ScalarCodec.FLOAT),
            entry(Double.class, ScalarCodec.DOUBLE),
            entry(double.class, ScalarCodec.DOUBLE));

    private CodecCatalog() {}

    /**
     * The shipped codec of a JDK type; else the client's default, bound to the type; else JSON if Jackson is on the class path.
     * All but the scalars compress large values; a default that is a {@link CompressingCodec} already is left as it is, which is
     * the way to other thresholds.
     *
     * @param <V> what {@code type} stands for
     * @throws IllegalArgumentException if there is none; the message says what to do
     */
    @SuppressWarnings("unchecked") // the table's codec for a type is a codec of that type
    public static <V> Codec<V> codecFor(Type type, Optional<Codec<?>> clientDefault) {
        Codec<?> builtIn = BUILT_IN.get(type);
        if (builtIn != null) {
            return (Codec<V>) builtIn;
        }
        if (clientDefault.isPresent()) {
            return compressing(clientDefault.get().forType(type));
        }
        if (!isJacksonThere()) {
            throw new IllegalArgumentException("no codec for value type " + type.getTypeName()
                    + ": add tools.jackson.core:jackson-databind to the class path, or set codec(...)");
        }
        return compressing(Json.CODEC.forType(type));
    }

    private static <V> Codec<V> compressing(Codec<V> codec) {
        return codec instanceof CompressingCodec ? codec : new CompressingCodec<>(codec);
    }

    private static boolean isJacksonThere() {
        try {
            Class.forName(JACKSON, false, CodecCatalog.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Loaded only when Jackson is there; one mapper for all caches, since it keeps what it learned about classes. */
    private static final class Json {
        static final Codec<?> CODEC = JacksonCodec.json();
    }
}
