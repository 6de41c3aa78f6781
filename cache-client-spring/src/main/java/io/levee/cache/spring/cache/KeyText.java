package io.levee.cache.spring.cache;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Writes a key of Spring's cache abstraction as text, in the manner of Java literals: {@code 42L}, {@code 'abc'}, {@code (42L,'abc')}
 * for the key of two arguments. Keys that are not equal never have the same text, and equal ones always do, in every process.
 *
 * <p>Takes text, numbers, booleans, characters, enums, UUIDs, dates and times, URIs, locales, currencies, classes, and arrays, lists, sets,
 * maps, records and Spring's own keys of such. Others are refused: their {@code toString} need not tell them apart.
 */
public final class KeyText {
    /** Where Spring's key has its elements. */
    static final String SIMPLE_KEY_FIELD = "params";

    private static final int DEEPEST = 16;

    private static final Field SIMPLE_KEY_ELEMENTS = simpleKeyElements();

    private final String cache;
    private final Object whole;

    private KeyText(String cache, Object whole) {
        this.cache = cache;
        this.whole = whole;
    }

    /**
     * The text of a key.
     *
     * @throws IllegalArgumentException if the key is of a type that has no text; the message says what to do
     */
    public static String of(String cache, Object key) {
        StringBuilder text = new StringBuilder();
        new KeyText(cache, key).append(key, text, 0);
        return text.toString();
    }

    private void append(Object key, StringBuilder text, int depth) {
        if (depth > DEEPEST) {
            throw refused("nests deeper than " + DEEPEST);
        }
        if (key == null) {
            text.append("null");
        } else if (key instanceof String string) {
            quote(string, text);
        } else if (key instanceof Number || key instanceof Boolean || key instanceof Character) {
            scalar(key, text);
        } else if (key instanceof Enum<?> constant) {
            text.append(constant.getDeclaringClass().getName()).append('.').append(constant.name());
        } else if (key instanceof Class<?> type) {
            text.append("class ").append(type.getName());
        } else if (isPlainValue(key)) {
            text.append(key.getClass().getName());
            quote(key.toString(), text);
        } else {
            compound(key, text, depth + 1);
        }
    }

    private void scalar(Object key, StringBuilder text) {
        if (key instanceof Integer || key instanceof Boolean) {
            text.append(key);
        } else if (key instanceof Long) {
            text.append(key).append('L');
        } else if (key instanceof Character) {
            text.append('c');
            quote(key.toString(), text);
        } else if (key instanceof Short || key instanceof Byte || key instanceof Float || key instanceof Double) {
            text.append(key.getClass().getSimpleName()).append('(').append(key).append(')');
        } else if (key.getClass() == BigInteger.class || key.getClass() == BigDecimal.class) {
            text.append(key.getClass().getSimpleName()).append('(').append(key).append(')');
        } else {
            throw refused("is or has a " + key.getClass().getName());
        }
    }

    /** Types of the JDK whose text tells apart what {@code equals} does. */
    private static boolean isPlainValue(Object key) {
        return key instanceof UUID
                || key instanceof URI
                || key instanceof Locale
                || key instanceof Currency
                || key.getClass().getName().startsWith("java.time.");
    }

    @SuppressWarnings("JavaUtilDate") // it is what the application has
    private static void date(Date date, StringBuilder text) {
        text.append("java.util.Date(").append(date.getTime()).append(')');
    }

    private void compound(Object key, StringBuilder text, int depth) {
        if (key.getClass() == Date.class) {
            date((Date) key, text);
        } else if (key.getClass() == SimpleKey.class) {
            list(Arrays.asList(elementsOf(key)), '(', ')', text, depth);
        } else if (key.getClass().isArray()) {
            text.append(key.getClass().getComponentType().getName());
            list(elements(key), '{', '}', text, depth);
        } else if (key instanceof List<?> list) {
            list(list, '[', ']', text, depth);
        } else if (key instanceof Set<?> set) {
            text.append("Set");
            sorted(set, text, depth);
        } else if (key instanceof Map<?, ?> map) {
            text.append("Map");
            sorted(map.entrySet(), text, depth);
        } else if (key instanceof Map.Entry<?, ?> entry) {
            append(entry.getKey(), text, depth);
            text.append('=');
            append(entry.getValue(), text, depth);
        } else if (key instanceof Record) {
            text.append(key.getClass().getName());
            list(components(key), '(', ')', text, depth);
        } else {
            throw refused("is or has a " + key.getClass().getName());
        }
    }

    private void list(Collection<?> elements, char open, char close, StringBuilder text, int depth) {
        String separator = "";
        text.append(open);
        for (Object element : elements) {
            text.append(separator);
            append(element, text, depth);
            separator = ",";
        }
        text.append(close);
    }

    /** Sets are equal in whatever order. */
    private void sorted(Collection<?> elements, StringBuilder text, int depth) {
        List<String> texts = new ArrayList<>();
        for (Object element : elements) {
            StringBuilder one = new StringBuilder();
            append(element, one, depth);
            texts.add(one.toString());
        }
        Collections.sort(texts);
        text.append('{').append(String.join(",", texts)).append('}');
    }

    private static List<Object> elements(Object array) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }

    private List<Object> components(Object key) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : key.getClass().getRecordComponents()) {
            try {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                values.add(accessor.invoke(key));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException(
                        "cache \"" + cache + "\": component " + component.getName() + " of a key of type "
                                + key.getClass().getName() + " cannot be read",
                        e);
            }
        }
        return values;
    }

    private static void quote(String string, StringBuilder text) {
        text.append('\'');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '\'' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('\'');
    }

    /** Spring's key keeps its elements to itself, and its own text does not tell {@code "a, b"} from {@code "a"} and {@code "b"}. */
    private static Object[] elementsOf(Object simpleKey) {
        try {
            return (Object[]) SIMPLE_KEY_ELEMENTS.get(simpleKey);
        } catch (IllegalAccessException e) {
            throw new LinkageError("the elements of a SimpleKey cannot be read", e);
        }
    }

    private static Field simpleKeyElements() {
        try {
            Field elements = SimpleKey.class.getDeclaredField(SIMPLE_KEY_FIELD);
            elements.setAccessible(true);
            return elements;
        } catch (NoSuchFieldException e) {
            throw new LinkageError("this version of Spring keeps the elements of a SimpleKey elsewhere", e);
        }
    }

    private IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("cache \"" + cache + "\": a key of type "
                + whole.getClass().getName() + " cannot be written as text, because it " + reason
                + ". Name the key with the annotation's key attribute, as in key = \"#project.id\", or use a record");
    }
}
