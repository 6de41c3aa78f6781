package io.levee.cache.internal.entry;

import io.levee.cache.codec.Encoded;
import io.levee.cache.internal.entry.EntryHeader.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of an item in memcached: a header of {@value #HEADER_BYTES} bytes, then the codec's bytes. Numbers are big-endian.
 *
 * <pre>
 *  offset  bytes
 *       0      2  magic, 0x4C 0x56 ("LV")
 *       2      1  version of this format, 2
 *       3      1  kind: 1 a value, 2 an absence (no codec bytes follow, and the codec flags are 0)
 *       4      2  codec flags, unsigned
 *       6      8  written at: milliseconds since 1970 by the writer's clock
 *      14      8  fresh for: milliseconds from then on
 *      22      4  load time: milliseconds
 *      26      8  generation of the cache
 *      34      2  schema version of the application's values, unsigned
 *      36         the codec's bytes
 * </pre>
 *
 * <p>Freshness is relative to the time of writing, so that a later release can judge an entry by a shorter life than its
 * writer gave it. A reader refuses versions that it does not know: during a rolling upgrade that costs loads, where a guess
 * would cost wrong values.
 *
 * <p>Pure functions: they never block and keep nothing.
 */
public final class EntryFormat {
    /**
     * The client flags of Levee's items ("LV"). Other clients say there how they serialized a value, so that their items under
     * our keys are told apart before their bytes are looked at.
     */
    public static final int CLIENT_FLAGS = 0x4C56;

    public static final int HEADER_BYTES = 36;

    private static final short MAGIC = 0x4C56;
    private static final byte VERSION = 2;
    private static final byte VALUE = 1;
    private static final byte ABSENT = 2;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private EntryFormat() {}

    /** The bytes to store under {@link #CLIENT_FLAGS}. */
    public static byte[] encode(StoredEntry entry) {
        byte[] payload = entry.payload();
        byte[] data = new byte[HEADER_BYTES + payload.length];
        SHORT.set(data, 0, MAGIC);
        data[2] = VERSION;
        data[3] = entry.kind() == Kind.VALUE ? VALUE : ABSENT;
        SHORT.set(data, 4, (short) entry.codecFlags());
        LONG.set(data, 6, entry.writtenAtMillis());
        LONG.set(data, 14, entry.freshForMillis());
        INT.set(data, 22, entry.loadMillis());
        LONG.set(data, 26, entry.header().generation());
        SHORT.set(data, 34, (short) entry.header().schemaVersion());
        System.arraycopy(payload, 0, data, HEADER_BYTES, payload.length);
        return data;
    }

    /**
     * Reads an item that {@link #encode} made. Copies the codec's bytes once.
     *
     * @param clientFlags the flags that memcached has beside it
     * @throws NotAnEntryException for anything else
     */
    public static StoredEntry decode(byte[] data, int clientFlags) throws NotAnEntryException {
        EntryHeader header = header(data, clientFlags);
        return new StoredEntry(header, payload(data, header));
    }

    /**
     * Reads the header alone, and checks all that {@link #decode} checks: enough to know whether this version of the value is
     * here already, without a copy.
     *
     * @throws NotAnEntryException if {@code encode} did not make these bytes
     */
    public static EntryHeader header(byte[] data, int clientFlags) throws NotAnEntryException {
        if (clientFlags != CLIENT_FLAGS) {
            throw new NotAnEntryException("client flags are " + clientFlags + ", not Levee's " + CLIENT_FLAGS);
        }
        if (data.length < HEADER_BYTES) {
            throw new NotAnEntryException("only " + data.length + " bytes, less than a header");
        }
        if ((short) SHORT.get(data, 0) != MAGIC) {
            throw new NotAnEntryException("does not begin as an entry does");
        }
        if (data[2] != VERSION) {
            throw new NotAnEntryException("entry format " + (data[2] & 0xFF) + "; this release reads " + VERSION);
        }
        Kind kind = switch (data[3]) {
            case VALUE -> Kind.VALUE;
            case ABSENT -> Kind.ABSENT;
            default -> throw new NotAnEntryException("kind " + (data[3] & 0xFF) + " is neither value nor absence");
        };
        if (kind == Kind.ABSENT && data.length > HEADER_BYTES) {
            throw new NotAnEntryException("an absence with " + (data.length - HEADER_BYTES) + " bytes of value");
        }
        int codecFlags = (short) SHORT.get(data, 4) & 0xFFFF;
        long writtenAtMillis = (long) LONG.get(data, 6);
        long freshForMillis = (long) LONG.get(data, 14);
        int loadMillis = (int) INT.get(data, 22);
        long generation = (long) LONG.get(data, 26);
        int schemaVersion = (short) SHORT.get(data, 34) & 0xFFFF;
        String fault = EntryHeader.fault(
                kind, codecFlags, writtenAtMillis, freshForMillis, loadMillis, generation, schemaVersion);
        if (fault != null) {
            throw new NotAnEntryException(fault);
        }
        return new EntryHeader(
                kind, codecFlags, writtenAtMillis, freshForMillis, loadMillis, generation, schemaVersion);
    }

    /** The codec's part of data that {@link #header} accepted; one copy. */
    public static Encoded payload(byte[] data, EntryHeader header) {
        return new Encoded(Arrays.copyOfRange(data, HEADER_BYTES, data.length), header.codecFlags());
    }
}
