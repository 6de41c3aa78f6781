package io.levee.cache.internal.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of an item of which the length was announced, and the line end behind them. I/O thread only. */
final class ItemData {
    /** Memcached's own default bound is 1 MiB, its highest 1 GiB; who stores more than this says so by the item limit. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int LINE_END_BYTES = 2;

    private final int length;
    private byte[] bytes;
    private int taken;

    /**
     * Expects the data that a line announces; the cursor stands on the length.
     *
     * @param wanted false if nobody waits for it any more
     */
    ItemData(ReplyLine line, int itemLimit, boolean wanted) throws OutOfStepException {
        long announced = line.number();
        int most = Math.max(MAX_BYTES, itemLimit);
        if (Long.compareUnsigned(announced, most) > 0) {
            throw new OutOfStepException("a value of more than " + most + " bytes: " + line.text());
        }
        length = (int) announced;
        // What is announced is claimed only as far as items usually go; past that the array grows with what really
        // comes.
        bytes = new byte[wanted ? Math.min(length, itemLimit) : 0];
    }

    /** Takes what has come, and returns whether the end is reached; {@code data} then stands behind it. */
    boolean readFrom(ByteBuffer data, boolean wanted) throws OutOfStepException {
        int count = Math.max(0, Math.min(length - taken, data.remaining()));
        if (!wanted) {
            bytes = null;
            data.position(data.position() + count);
        } else if (count > 0) {
            if (taken + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(taken + count, 2L * bytes.length)));
            }
            data.get(bytes, taken, count);
        }
        taken += count;
        while (taken >= length && taken < length + LINE_END_BYTES && data.hasRemaining()) {
            if (data.get() != (taken == length ? '\r' : '\n')) {
                throw new OutOfStepException("a value that does not end where it was said to");
            }
            taken++;
        }
        return taken == length + LINE_END_BYTES;
    }

    int length() {
        return length;
    }

    /** The bytes, once they are all there; null if nobody waited for them. */
    byte[] bytes() {
        return bytes;
    }
}
