package io.levee.cache.codec;

import java.lang.reflect.Type;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON, by Jackson 3 ({@code tools.jackson.core:jackson-databind}, which the application brings).
 *
 * <p>The mapper of {@link #json()} is Jackson's default one with these settled:
 *
 * <ul>
 *   <li>unknown properties are ignored, and missing ones are null or zero: while a fleet is being upgraded, old and new processes
 *       read each other's values. If a property changes its meaning, change the cache's name;
 *   <li>a class in which Jackson finds no property is refused when it is written, and not cached as an empty object;
 *   <li>no default typing: what class is made is said by the declared type and its annotations, never by the bytes;
 *   <li>modules are not looked for on the class path: give {@link #json(ObjectMapper)} a mapper that has them.
 * </ul>
 *
 * <p>Whatever the mapper, bytes after the value and a JSON null are refused. A value is written as its declared type, so that
 * what a subclass adds is only kept if the type's annotations say so.
 */
public final class JacksonCodec<V> implements Codec<V> {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final ObjectMapper mapper;
    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    private JacksonCodec(ObjectMapper mapper, JavaType type) {
        this.mapper = mapper;
        this.type = type;
        this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.writer = mapper.writerFor(type);
    }

    /** With Levee's mapper. Not yet bound: {@link #forType} says what to read; until then JSON's own types are read. */
    public static JacksonCodec<Object> json() {
        return json(JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build());
    }

    /**
     * With your mapper. Do not give it default typing: it would let whoever can write to memcached name the classes to make.
     */
    public static JacksonCodec<Object> json(ObjectMapper mapper) {
        return new JacksonCodec<>(mapper, mapper.constructType(Object.class));
    }

    /** This codec for values of a class, or of a generic type such as {@code List<Long>}. */
    @Override
    public <T> JacksonCodec<T> forType(Type type) {
        return new JacksonCodec<>(mapper, mapper.constructType(type));
    }

    @Override
    public Encoded encode(V value) {
        byte[] bytes;
        try {
            bytes = writer.writeValueAsBytes(value);
        } catch (RuntimeException e) {
            throw new CodecException("a value of type " + type.toCanonical() + " cannot be written as JSON", e);
        }
        if (Arrays.equals(bytes, NULL)) {
            throw new CodecException(
                    "a value of type " + type.toCanonical() + " is written as JSON null, which no value is read from");
        }
        return new Encoded(bytes, CodecFlags.JSON);
    }

    @Override
    public V decode(Encoded encoded) {
        CodecFlags.require(CodecFlags.JSON, encoded, "JacksonCodec");
        V value;
        try {
            value = reader.readValue(encoded.bytes());
        } catch (InvalidDefinitionException e) {
            throw new CodecException("Jackson cannot make a " + type.toCanonical(), e);
        } catch (RuntimeException e) {
            // Without the cause: its message quotes the value.
            throw new CodecException(encoded.bytes().length + " bytes are not JSON of a " + type.toCanonical() + ": "
                    + e.getClass().getSimpleName() + place(e));
        }
        if (value == null) {
            throw new CodecException("JSON null is not a " + type.toCanonical());
        }
        return value;
    }

    @Override
    public String toString() {
        return "JacksonCodec(" + type.toCanonical() + ")";
    }

    private static String place(RuntimeException e) {
        return e instanceof JacksonException je && je.getLocation() != null
                ? " at line " + je.getLocation().getLineNr() + ", column "
                        + je.getLocation().getColumnNr()
                : "";
    }
}
