package io.levee.cache.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that somebody who can write to memcached might make. */
class HostileSerializationTest {
    /** What ran that must not. */
    private static final Queue<String> RAN = new ConcurrentLinkedQueue<>();

    record Holder(Object held) implements Serializable {}

    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;
        private String command = "format c:";

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            RAN.add("readObject: " + command);
        }
    }

    /** Has a name as long as that of the class that it is written in place of. */
    static final class Gadge1 implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Nothing but a stream ever names it. */
    static final class Gadge2 implements Serializable {
        private static final long serialVersionUID = 1L;

        static {
            RAN.add("initializer");
        }
    }

    private final SerializationCodec<Object> codec =
            SerializationCodec.allowing(Holder.class, ArrayList.class, HashMap.class, HashSet.class);

    private static byte[] serialized(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Object decode(byte[] bytes) {
        return codec.decode(new Encoded(bytes, CodecFlags.SERIALIZED));
    }

    private void refused(byte[] bytes, String reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> decode(bytes))
                .withMessageContaining(reason)
                .withNoCause();
    }

    private static byte[] replaced(byte[] bytes, String from, String to) {
        return new String(bytes, ISO_8859_1).replace(from, to).getBytes(ISO_8859_1);
    }

    private static byte[] withInt(byte[] bytes, int from, int to) {
        byte[] old = ByteBuffer.allocate(4).putInt(from).array();
        byte[] changed = bytes.clone();
        for (int i = bytes.length - 4; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + 4, old, 0, 4)) {
                ByteBuffer.wrap(changed).putInt(i, to);
                return changed;
            }
        }
        throw new IllegalArgumentException("no " + from);
    }

    @Test
    void gadget_whereverItHides_neverRuns() {
        HashMap<Object, Object> asKey = new HashMap<>(Map.of(new Gadget(), 1));
        List<Object> hidings = List.of(
                new Gadget(),
                new Holder(new Gadget()),
                new ArrayList<>(List.of("a", new Gadget())),
                new Object[] {new Gadget()},
                new Gadget[] {new Gadget()},
                asKey,
                new HashMap<>(Map.of(1, new Holder(new Gadget()))));

        for (Object hiding : hidings) {
            refused(serialized(hiding), "class " + Gadget.class.getName());
        }
        assertThat(RAN).isEmpty();
    }

    @Test
    void gadget_classThatIsNotLoadedYet_isNotEvenInitialized() {
        byte[] bytes = replaced(serialized(new Gadge1()), "Gadge1", "Gadge2");

        refused(bytes, "Gadge2 is not allowed");
        assertThat(RAN).isEmpty();
    }

    @Test
    void classThatIsNotAllowed_isNotLookedForAtAll() {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        ClassLoader recording = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name, resolve);
            }
        };
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(recording);
        SerializationCodec<Object> named;
        try {
            named = codec.alsoAllowing(Gadge1.class.getName());
        } finally {
            thread.setContextClassLoader(before);
        }

        assertThat(named.decode(named.encode(new Gadge1()))).isInstanceOf(Gadge1.class);
        assertThat(asked).contains(Gadge1.class.getName());
        asked.clear();
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> named.decode(new Encoded(serialized(new Gadget()), CodecFlags.SERIALIZED)));
        assertThat(asked).isEmpty();
    }

    @Test
    void proxy_isRefused() {
        Object proxy =
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (Serializable
                                & java.lang.reflect.InvocationHandler)
                        (self, method, arguments) -> null);

        refused(serialized(proxy), "proxy");
    }

    @Test
    void classAsAValue_isRefused() {
        refused(serialized(Gadget.class), "is not allowed");
        refused(serialized(int.class), "class int is not allowed");
    }

    @Test
    void wordsOfTheStream_areNotPrintedIfTheyAreNoName() {
        byte[] bytes = replaced(serialized(new Gadge1()), "Gadge1", "\r\n\u001b[3m");

        refused(bytes, "a class that is not allowed");
    }

    @Test
    void deepNest_isRefused() {
        Object nested = "core";
        for (int i = 0; i < 101; i++) {
            nested = new Holder(nested);
        }

        refused(serialized(nested), "more than 100 levels");
    }

    /** Each set is in the next one twice, so that to hash the outer one hashes 2^100 times. */
    @Test
    void nestedSets_areRefusedBeforeTheyAreHashed() {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int i = 0; i < 90; i++) {
            Set<Object> nextOne = new HashSet<>();
            Set<Object> nextOther = new HashSet<>();
            nextOne.add("unlike");
            one.add(nextOne);
            one.add(nextOther);
            other.add(nextOne);
            other.add(nextOther);
            one = nextOne;
            other = nextOther;
        }

        refused(serialized(root), "more than 8 hash tables in each other");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000_000, Integer.MAX_VALUE})
    void arrayThatClaimsMore_isRefusedBeforeMemoryIsTaken(int claimed) {
        refused(withInt(serialized(new long[77]), 77, claimed), "arrays that its bytes cannot fill");
    }

    @Test
    void negativeArrayLength_isRefused() {
        refused(withInt(serialized(new long[77]), 77, -1), "");
    }

    /** Each level takes memory for what it claims before the next one is read. */
    @Test
    void arraysInArrays_areRefusedBySum() {
        Object[] nested = new Object[3_000];
        for (int i = 0; i < 50; i++) {
            Object[] outer = new Object[3_000];
            outer[0] = nested;
            nested = outer;
        }
        byte[] whole = serialized(nested);

        assertThat(decode(whole)).isInstanceOf(Object[].class);
        // Enough for each of them, and not for all.
        refused(Arrays.copyOf(whole, 5_000), "arrays that its bytes cannot fill");
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, Integer.MAX_VALUE})
    void tableThatClaimsMore_isRefusedBeforeMemoryIsTaken(int claimed) {
        HashMap<Integer, Integer> table = new HashMap<>();
        for (int i = 0; i < 777; i++) {
            table.put(i, i);
        }
        byte[] bytes = serialized(table);
        // Not the first such number from the end, which may be a key: the count stands behind the capacity.
        byte[] count = ByteBuffer.allocate(8).putInt(2048).putInt(777).array();
        byte[] claim = ByteBuffer.allocate(8).putInt(2048).putInt(claimed).array();
        byte[] changed = replaced(bytes, new String(count, ISO_8859_1), new String(claim, ISO_8859_1));
        assertThat(changed).isNotEqualTo(bytes);

        refused(changed, "arrays that its bytes cannot fill");
    }

    @Test
    void listThatClaimsMore_isRefusedBeforeMemoryIsTaken() {
        ArrayList<Object> list = new ArrayList<>(List.of(1));
        byte[] bytes = withInt(serialized(list), 1, 1);
        byte[] claimed = replaced(bytes, "sizexp\0\0\0\1", "sizexp\u007f\u00ff\u00ff\u00f0");
        assertThat(claimed).isNotEqualTo(bytes);

        refused(claimed, "arrays that its bytes cannot fill");
    }

    @Test
    void tooManyObjects_areRefused() {
        ArrayList<Object> many = new ArrayList<>();
        for (int i = 0; i < SerializationCodec.MAX_REFERENCES + 1; i++) {
            many.add((byte) i);
        }

        refused(serialized(many), "more than 1000000 objects");
    }

    @Test
    void tooManyBytes_areRefused() {
        refused(new byte[SerializationCodec.MAX_BYTES + 1], "at most 16777216 are read");
    }

    @Test
    void bytesBehindTheValue_areRefused() {
        byte[] whole = serialized("a");

        refused(Arrays.copyOf(whole, whole.length + 1), "1 bytes follow");
        byte[] two = Arrays.copyOf(whole, whole.length + 7);
        System.arraycopy(whole, 4, two, whole.length, whole.length - 4);
        refused(two, "bytes follow");
    }

    @Test
    void nullInPlaceOfAValue_isRefused() {
        refused(serialized(null), "is no java.lang.Object");
    }

    @Test
    void exceptionInPlaceOfAValue_isRefused() {
        refused(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0x7b}, "");
    }

    @Test
    void everyPrefix_isRefused() {
        byte[] whole = serialized(new Holder(new ArrayList<>(List.of("a", 1))));

        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), "");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedBytes_areAValueOrRefusedAndNothingElse(long seed) {
        byte[] whole = serialized(new Holder(new ArrayList<>(List.of("a", 1, new HashMap<>(Map.of("k", 'v'))))));
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = whole.clone();
            for (int damage = 0; damage <= random.nextInt(4); damage++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(decode(bytes)).isNotNull();
            } catch (CodecException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
        assertThat(RAN).isEmpty();
    }
}
