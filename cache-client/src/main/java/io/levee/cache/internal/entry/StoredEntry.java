package io.levee.cache.internal.entry;

import io.levee.cache.codec.Encoded;
import io.levee.cache.internal.entry.EntryHeader.Kind;

/**
 * A value, or the absence of one, as memcached holds it.
 *
 * @param encoded the codec's bytes and flags; empty and 0 for an absence
 */
public record StoredEntry(EntryHeader header, Encoded encoded) {
    private static final Encoded NOTHING = new Encoded(new byte[0], 0);

    public StoredEntry {
        if (header.codecFlags() != encoded.flags()) {
            throw new IllegalArgumentException(
                    "header has codec flags " + header.codecFlags() + ", but the value has " + encoded.flags());
        }
        if (header.kind() == Kind.ABSENT && encoded.bytes().length > 0) {
            throw new IllegalArgumentException("an absence has " + encoded.bytes().length + " bytes of value");
        }
    }

    /** A value; a load of more than 24 days counts as 24 days. */
    public static StoredEntry value(
            Encoded encoded,
            long writtenAtMillis,
            long freshForMillis,
            long loadMillis,
            long generation,
            int schemaVersion) {
        return new StoredEntry(
                new EntryHeader(
                        Kind.VALUE,
                        encoded.flags(),
                        writtenAtMillis,
                        freshForMillis,
                        clamp(loadMillis),
                        generation,
                        schemaVersion),
                encoded);
    }

    /** An absence; a load of more than 24 days counts as 24 days. */
    public static StoredEntry absent(
            long writtenAtMillis, long freshForMillis, long loadMillis, long generation, int schemaVersion) {
        return new StoredEntry(
                new EntryHeader(
                        Kind.ABSENT, 0, writtenAtMillis, freshForMillis, clamp(loadMillis), generation, schemaVersion),
                NOTHING);
    }

    public Kind kind() {
        return header.kind();
    }

    public int codecFlags() {
        return header.codecFlags();
    }

    public long writtenAtMillis() {
        return header.writtenAtMillis();
    }

    public long freshForMillis() {
        return header.freshForMillis();
    }

    public int loadMillis() {
        return header.loadMillis();
    }

    public byte[] payload() {
        return encoded.bytes();
    }

    private static int clamp(long loadMillis) {
        return (int) Math.max(0, Math.min(loadMillis, Integer.MAX_VALUE));
    }
}
