package io.levee.cache.codec;

import io.levee.cache.codec.SerializationCodec.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * A stream that makes objects of {@link AllowedClasses} alone, and not too many. Names are looked at before classes are looked for,
 * which a filter cannot do: it is asked when the class is there. The filter holds the limits, and looks at classes once more, since
 * collections tell it of arrays that they are about to make and that no stream named.
 */
final class AllowedObjects extends ObjectInputStream {
    /** The most that tables of collections have for a byte of their stream, and room for a small one. */
    private static final int SLOTS_PER_BYTE = 4;

    private static final int FIRST_SLOTS = 64;
    private static final int MAX_SLOTS = 4 * SerializationCodec.MAX_REFERENCES;

    /** A table whose keys are tables is hashed through all of them, which doubles with each level if each is in the next twice. */
    private static final int MAX_NESTED_TABLES = 8;

    private final AllowedClasses allowed;
    private final Limits limits;

    AllowedObjects(InputStream in, int length, AllowedClasses allowed) throws IOException {
        super(in);
        this.allowed = allowed;
        this.limits = new Limits(length, allowed);
        setObjectInputFilter(limits);
    }

    /** Reads the one object that there is; says which limit it was, if it was one. */
    Object readOne() throws IOException, ClassNotFoundException {
        try {
            return readObject();
        } catch (InvalidClassException e) {
            throw limits.refusal == null ? e : new RefusedException(limits.refusal);
        }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws RefusedException, ClassNotFoundException {
        return allowed.resolve(description.getName());
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws RefusedException {
        throw new RefusedException("a proxy, which is not allowed");
    }

    /** Of one stream; asked on the thread that reads it. */
    private static final class Limits implements ObjectInputFilter {
        private final int length;
        private final AllowedClasses allowed;
        private final long mostSlots;
        private final Deque<Long> tables = new ArrayDeque<>();
        private long slots;
        private String refusal;

        Limits(int length, AllowedClasses allowed) {
            this.length = length;
            this.allowed = allowed;
            this.mostSlots = Math.min(MAX_SLOTS, FIRST_SLOTS + (long) SLOTS_PER_BYTE * length);
        }

        @Override
        public Status checkInput(FilterInfo info) {
            Class<?> type = info.serialClass();
            if (info.depth() > SerializationCodec.MAX_DEPTH) {
                return refuse("more than " + SerializationCodec.MAX_DEPTH + " levels");
            }
            if (info.references() > SerializationCodec.MAX_REFERENCES) {
                return refuse("more than " + SerializationCodec.MAX_REFERENCES + " objects");
            }
            if (info.arrayLength() >= 0 && !fits(type, info.arrayLength())) {
                return refuse("arrays that its bytes cannot fill");
            }
            if (type == Map.Entry[].class && nestedTables(info.depth()) > MAX_NESTED_TABLES) {
                return refuse("more than " + MAX_NESTED_TABLES + " hash tables in each other");
            }
            if (type != null && !allowed.allows(type)) {
                return refuse("objects of " + type.getName() + ", which is not allowed");
            }
            return Status.ALLOWED;
        }

        private Status refuse(String what) {
            refusal = "a serialized value of " + length + " bytes has " + what;
            return Status.REJECTED;
        }

        /** Tables tell of the array that they are about to make, each at its own depth, and the outer one first. */
        private int nestedTables(long depth) {
            while (!tables.isEmpty() && tables.peek() >= depth) {
                tables.pop();
            }
            tables.push(depth);
            return tables.size();
        }

        /**
         * An array's length is what the stream says, and its memory is taken before its elements are read. Those of primitives are in the stream;
         * of references each is at least a byte, but arrays in arrays each take theirs, so what counts is their sum.
         */
        private boolean fits(Class<?> type, long arrayLength) {
            if (type.isArray() && type.getComponentType().isPrimitive()) {
                return arrayLength <= length / sizeOf(type.getComponentType());
            }
            slots += arrayLength;
            return slots <= mostSlots;
        }

        private static int sizeOf(Class<?> primitive) {
            if (primitive == long.class || primitive == double.class) {
                return Long.BYTES;
            }
            if (primitive == int.class || primitive == float.class) {
                return Integer.BYTES;
            }
            return primitive == short.class || primitive == char.class ? Short.BYTES : 1;
        }
    }
}
