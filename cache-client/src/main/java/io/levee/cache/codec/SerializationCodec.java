package io.levee.cache.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;

/**
 * Values by Java serialization, of the classes on a list and no others: for legacy types that nothing else can write. {@code
 * SerializationCodec.allowing(Stats.class, ArrayList.class).forType(Stats.class)}.
 *
 * <p><b>Why it is never chosen for you.</b> A serialized stream names the classes to make, and making them runs their code ({@code
 * readObject}, {@code readResolve}, {@code hashCode} of keys). Whoever can write to memcached, which asks nobody who he is, chooses the
 * stream; with enough libraries on the class path there are classes whose code can be strung together to run anything. A list
 * of what may be made takes that away, as long as it is short and names only classes that do nothing but hold data. Streams also
 * tie values to names and private fields of classes, so that they outlive few releases: see {@code schemaVersion}. Where you can, take
 * JSON.
 *
 * <p><b>What is read.</b> A class that is not on the list is refused by its name, before it is looked for. Without being listed there
 * are String, the boxed numbers, Boolean, Character, and arrays of primitives, of Object and of all that is allowed. A listed class
 * brings its superclasses, as a stream names them too. Fields are not looked at: list the classes of what they hold ({@code ArrayList},
 * not {@code List}), and, where those are written as something else, that too: a {@code LocalDate} is written as {@code java.time.Ser},
 * what {@code List.of} makes as {@code java.util.CollSer}. The message of a refusal names what is missing. Proxies are refused always. A stream is also refused past {@value #MAX_BYTES} bytes, {@value #MAX_DEPTH} levels, {@value #MAX_REFERENCES}
 * objects, or with arrays longer than its own bytes could fill, or with many hash tables in each other; so is one with bytes
 * behind its value.
 *
 * <p><b>What no list takes away.</b> If it has hash tables ({@code HashMap}, {@code HashSet}) and keys that are collections, or that hash
 * collections of their own, a small stream can be made whose keys take long to hash. That costs time, and makes nothing run that is not listed.
 *
 * <p><b>What is written</b> is read back at once: a value that could not be read is refused when it is written, and not a miss for ever.
 * That doubles the time it takes to write.
 */
public final class SerializationCodec<V> implements Codec<V> {
    static final int MAX_BYTES = 16 * 1024 * 1024;
    static final int MAX_DEPTH = 100;
    static final int MAX_REFERENCES = 1_000_000;

    private final AllowedClasses allowed;
    private final Class<?> type;

    private SerializationCodec(AllowedClasses allowed, Class<?> type) {
        this.allowed = allowed;
        this.type = type;
    }

    /**
     * Allows these classes. Not yet bound: {@link #forType} says what values are.
     *
     * @param classes at least one; each a class that implements {@link Serializable}, and neither an array nor an interface
     * @throws IllegalArgumentException otherwise
     */
    public static SerializationCodec<Object> allowing(Class<?>... classes) {
        return new SerializationCodec<>(AllowedClasses.of(classes), Object.class);
    }

    /**
     * This codec, allowing more classes by their names, as {@link Class#getName} has them: those that cannot be named in code, or
     * packages of your own. Name their serializable superclasses too. They are looked for with the context class loader of the thread that calls this.
     *
     * @param patterns at least one: {@code a.b.C}, {@code a.b.C$D}; {@code a.b.*} for the classes of a package; {@code a.b.**} for those of
     *     the packages below it too. A package is allowed with all that is in it, now and later
     * @throws IllegalArgumentException for anything else, and for a package of the JDK
     */
    public SerializationCodec<V> alsoAllowing(String... patterns) {
        return new SerializationCodec<>(allowed.and(patterns), type);
    }

    /** This codec for values of a class, or of a generic type, of which it looks at the class alone. */
    @Override
    public <T> SerializationCodec<T> forType(Type valueType) {
        return new SerializationCodec<>(allowed, raw(valueType));
    }

    @Override
    public Encoded encode(V value) {
        Bounded bytes = new Bounded();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Without the cause: its message may quote the value.
            throw new CodecException("a " + value.getClass().getName() + " cannot be serialized: " + reason(e));
        }
        Encoded encoded = new Encoded(bytes.toByteArray(), CodecFlags.SERIALIZED);
        try {
            decode(encoded);
        } catch (CodecException e) {
            throw new CodecException(
                    "a " + value.getClass().getName() + " could not be read back: " + e.getMessage(), e);
        }
        return encoded;
    }

    @Override
    @SuppressWarnings("unchecked") // it is an instance of what forType() was told
    public V decode(Encoded encoded) {
        CodecFlags.require(CodecFlags.SERIALIZED, encoded, "SerializationCodec");
        byte[] bytes = encoded.bytes();
        if (bytes.length > MAX_BYTES) {
            throw new CodecException(
                    "a serialized value of " + bytes.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        ByteArrayInputStream source = new ByteArrayInputStream(bytes);
        Object value;
        try (AllowedObjects in = new AllowedObjects(source, bytes.length, allowed)) {
            value = in.readOne();
        } catch (RefusedException e) {
            throw new CodecException(e.getMessage());
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError e) {
            // Without the cause: its message may quote the value.
            throw new CodecException(bytes.length + " bytes are no serialized " + type.getName() + ": "
                    + e.getClass().getSimpleName());
        }
        if (source.available() > 0) {
            throw new CodecException(source.available() + " bytes follow a serialized value");
        }
        if (!type.isInstance(value)) {
            throw new CodecException("a serialized value is no " + type.getName());
        }
        return (V) value;
    }

    @Override
    public String toString() {
        return "SerializationCodec(" + type.getName() + ")";
    }

    private static String reason(Throwable e) {
        if (e instanceof TooLongException) {
            return "it takes more than " + MAX_BYTES + " bytes";
        }
        // Its message is the name of the class.
        return e instanceof NotSerializableException
                ? e.toString()
                : e.getClass().getSimpleName();
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return MethodType.methodType(plain).wrap().returnType();
        }
        if (type instanceof ParameterizedType generic) {
            return raw(generic.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
        }
        return type instanceof WildcardType wildcard ? raw(wildcard.getUpperBounds()[0]) : Object.class;
    }

    /** What the list or a limit does not allow. Its message is ours, and quotes no bytes. */
    static final class RefusedException extends InvalidClassException {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }
    }

    private static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Refuses to grow past what would be read. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            check(1);
            bytes.write(b);
        }

        @Override
        public void write(byte[] more, int offset, int length) throws IOException {
            check(length);
            bytes.write(more, offset, length);
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }

        private void check(int more) throws TooLongException {
            if (more > MAX_BYTES - bytes.size()) {
                throw new TooLongException();
            }
        }
    }
}
