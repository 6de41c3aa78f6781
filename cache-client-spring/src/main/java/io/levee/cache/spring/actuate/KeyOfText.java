package io.levee.cache.spring.actuate;

import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Reads a key from what somebody typed. */
final class KeyOfText {
    private static final Map<Class<?>, Function<String, Object>> PARSERS = Map.of(
            String.class, text -> text,
            Long.class, Long::valueOf,
            Integer.class, Integer::valueOf,
            Short.class, Short::valueOf,
            Byte.class, Byte::valueOf,
            UUID.class, UUID::fromString);

    private KeyOfText() {}

    /** @throws IllegalArgumentException if there are no such keys, or the text is none; the message says which there are */
    static Object of(Class<?> type, String text) {
        if (type.isEnum()) {
            return constant(type, text);
        }
        Function<String, Object> parser = PARSERS.get(type);
        if (parser == null) {
            throw new IllegalArgumentException("its keys are of type " + type.getName()
                    + ", which cannot be read from text: only strings," + " integral numbers, UUIDs and enums can");
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no " + type.getSimpleName(), e);
        }
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no " + type.getSimpleName()
                        + ": it is one of " + Arrays.toString(type.getEnumConstants())));
    }
}
