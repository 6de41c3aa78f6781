package io.levee.cache.internal.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ketama's hash: four bytes of an MD5, little-endian, as a point on a circle of 2<sup>32</sup>. A point is an
 * int as it comes: ordered as signed numbers, the circle is the same one, begun at its other side. Thread-safe; never blocks.
 */
final class KetamaHash {
    static final int POINTS_PER_DIGEST = 4;

    private static final int DIGEST_BYTES = 16;
    private static final int MAX_KEY_BYTES = 250;
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    // Two locals of the JDK's own types: a value of a class of ours would pin its class loader to the callers' threads.
    private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(KetamaHash::md5);
    private static final ThreadLocal<byte[]> BYTES = ThreadLocal.withInitial(() -> new byte[MAX_KEY_BYTES]);

    private KetamaHash() {}

    /** The point of a memcached key. Allocates nothing: it is on the way of every read. */
    static int ofKey(String key) {
        int length = key.length();
        if (length > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a memcached key has at most " + MAX_KEY_BYTES + " bytes, but this one has " + length);
        }
        byte[] bytes = BYTES.get();
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) key.charAt(i);
        }
        MessageDigest md5 = MD5.get();
        md5.update(bytes, 0, length);
        try {
            md5.digest(bytes, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has " + DIGEST_BYTES + " bytes", e);
        }
        return point(bytes, 0);
    }

    /** The four points of a ring key. */
    static int[] ofRingKey(String ringKey) {
        byte[] digest = MD5.get().digest(ringKey.getBytes(UTF_8));
        int[] points = new int[POINTS_PER_DIGEST];
        for (int i = 0; i < points.length; i++) {
            points[i] = point(digest, i);
        }
        return points;
    }

    private static int point(byte[] digest, int index) {
        return (int) LITTLE_ENDIAN.get(digest, index * Integer.BYTES);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
