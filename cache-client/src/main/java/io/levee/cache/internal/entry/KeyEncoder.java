package io.levee.cache.internal.entry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Turns the keys of one cache into memcached keys: 1 to 250 bytes of printable ASCII without blanks. Immutable and
 * thread-safe; never blocks.
 *
 * <p>The form is {@code prefix/cache:key}, or {@code cache:key} without a prefix. Bytes of the key's UTF-8 that are not printable
 * ASCII, and {@code %}, are written {@code %XX}; so are {@code /} and {@code :} in the prefix and in the cache's name, which is why
 * two different (prefix, cache, key text) never give the same memcached key. A surrogate without its partner is written as
 * the three bytes that UTF-8's rule would give it, because replacing it by {@code ?} would make keys collide.
 *
 * <p>A form of more than 250 bytes becomes {@code start%sha256=digest}: its first {@value #READABLE_CHARS} characters, and the
 * SHA-256 of all of it in URL-safe Base64. No plain form has a {@code %} that is not followed by two hex digits.
 *
 * <p>The same key gives the same text in every process and every release: a change of this form empties every cache.
 */
public final class KeyEncoder<K> {
    /** What memcached takes. */
    public static final int MAX_KEY_BYTES = 250;

    private static final int READABLE_CHARS = 128;
    private static final String DIGEST_MARK = "%sha256=";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final Set<Class<?>> NATIVE_TYPES = Set.of(
            String.class,
            Byte.class,
            byte.class,
            Short.class,
            short.class,
            Integer.class,
            int.class,
            Long.class,
            long.class,
            UUID.class);

    private final String cacheName;
    private final String start;
    private final Function<? super K, String> text;
    private final boolean ownIdentity;

    private KeyEncoder(String cacheName, String start, Function<? super K, String> text, boolean ownIdentity) {
        this.cacheName = cacheName;
        this.start = start;
        this.text = text;
        this.ownIdentity = ownIdentity;
    }

    /**
     * For keys of type String, Byte, Short, Integer, Long, UUID or an enum, which need no function.
     *
     * @param keyPrefix the client's; empty for none
     * @throws IllegalArgumentException if {@code keyType} is another type
     */
    public static <K> KeyEncoder<K> of(String keyPrefix, String cacheName, Class<K> keyType) {
        if (keyType.isEnum()) {
            return new KeyEncoder<>(cacheName, start(keyPrefix, cacheName), key -> ((Enum<?>) key).name(), true);
        }
        if (!NATIVE_TYPES.contains(keyType)) {
            throw new IllegalArgumentException("cache \"" + cacheName + "\" has keys of type " + keyType.getName()
                    + ": say with key(...) which text names such a key;"
                    + " only String, Byte, Short, Integer, Long, UUID and enums need none");
        }
        return new KeyEncoder<>(cacheName, start(keyPrefix, cacheName), Object::toString, true);
    }

    /**
     * For keys of any type.
     *
     * @param text names a key; called on the threads of callers; must give equal texts for equal keys in every process, and
     *     different texts for different keys
     */
    public static <K> KeyEncoder<K> of(String keyPrefix, String cacheName, Function<? super K, String> text) {
        return new KeyEncoder<>(
                cacheName, start(keyPrefix, cacheName), Objects.requireNonNull(text, "key function"), false);
    }

    /**
     * A memcached key for Levee itself, {@code prefix/%word}, that is never the key of any cache: no plain form has a {@code %}
     * that is not followed by two hex digits, and a form with {@value #DIGEST_MARK} names what it is a digest of.
     *
     * @param word ASCII letters, of which the first two are not both hex digits; not {@code sha256}
     */
    public static String reserved(String keyPrefix, String word) {
        StringBuilder form = new StringBuilder();
        prefix(keyPrefix, form);
        form.append('%').append(word);
        return form.length() <= MAX_KEY_BYTES ? form.toString() : digested(form);
    }

    /**
     * The memcached key of {@code key}.
     *
     * @throws IllegalArgumentException if the function of {@code key(...)} gave null for it
     */
    public String encode(K key) {
        String name = text.apply(Objects.requireNonNull(key, "key"));
        if (name == null) {
            throw new IllegalArgumentException("key(...) of cache \"" + cacheName + "\" gave null for a key of type "
                    + key.getClass().getName());
        }
        // Most keys are short and plain: they must cost one pass and one copy.
        if (start.length() + name.length() <= MAX_KEY_BYTES && isPlain(name)) {
            return start.concat(name);
        }
        StringBuilder escaped = new StringBuilder(MAX_KEY_BYTES).append(start);
        escape(name, "", escaped);
        return escaped.length() <= MAX_KEY_BYTES ? escaped.toString() : digested(escaped);
    }

    /**
     * What tells keys apart in this process: the key itself if its type needs no function, else its memcached key. Has
     * {@code equals} and {@code hashCode} of a value.
     */
    public Object localKey(K key) {
        return ownIdentity ? Objects.requireNonNull(key, "key") : encode(key);
    }

    /** The memcached key of the key that {@link #localKey} gave. */
    @SuppressWarnings("unchecked") // it is the key itself, if it is its own identity
    public String nodeKey(Object localKey) {
        return ownIdentity ? encode((K) localKey) : (String) localKey;
    }

    private static String start(String keyPrefix, String cacheName) {
        StringBuilder start = new StringBuilder();
        prefix(keyPrefix, start);
        escape(cacheName, "/:", start);
        return start.append(':').toString();
    }

    private static void prefix(String keyPrefix, StringBuilder out) {
        if (!keyPrefix.isEmpty()) {
            escape(keyPrefix, "/:", out);
            out.append('/');
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7F && c != '%';
    }

    private static void escape(String text, String alsoEscaped, StringBuilder out) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (isPlain(c) && alsoEscaped.indexOf(c) < 0) {
                out.append((char) c);
            } else if (c < 0x80) {
                escapeByte(c, out);
            } else if (c < 0x800) {
                escapeByte(0xC0 | (c >> 6), out);
                escapeByte(tail(c), out);
            } else if (c < 0x10000) {
                escapeByte(0xE0 | (c >> 12), out);
                escapeByte(tail(c >> 6), out);
                escapeByte(tail(c), out);
            } else {
                escapeByte(0xF0 | (c >> 18), out);
                escapeByte(tail(c >> 12), out);
                escapeByte(tail(c >> 6), out);
                escapeByte(tail(c), out);
            }
        }
    }

    private static int tail(int bits) {
        return 0x80 | (bits & 0x3F);
    }

    private static void escapeByte(int b, StringBuilder out) {
        out.append('%').append(HEX[b >> 4]).append(HEX[b & 0xF]);
    }

    private static String digested(StringBuilder form) {
        int end = READABLE_CHARS;
        // An escape is kept whole or not at all, so that the start can be read back.
        if (form.charAt(end - 1) == '%') {
            end -= 1;
        } else if (form.charAt(end - 2) == '%') {
            end -= 2;
        }
        return form.substring(0, end)
                + DIGEST_MARK
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(form.toString()));
    }

    private static byte[] sha256(String ascii) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(ascii.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
