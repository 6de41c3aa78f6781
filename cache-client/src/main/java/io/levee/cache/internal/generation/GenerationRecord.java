package io.levee.cache.internal.generation;

import io.levee.cache.internal.entry.EntryHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The generations of all caches of a key prefix. Immutable; two records merge into one that knows what either did, in whatever
 * order and however often they are merged.
 *
 * <p>The base is what tells "never cleared" from "not known any more": who finds no record on any node begins one with a base of
 * now, because what is there may be from before a clearing that the lost record knew. A record without a base knows of some
 * clearings, and cannot say that there were no others.
 *
 * <p>On a node it is one item of its own client flags. Numbers are big-endian.
 *
 * <pre>
 *  offset  bytes
 *       0      2  magic, 0x4C 0x47 ("LG")
 *       2      1  version of this format, 1
 *       3      8  base
 *      11      4  how many caches follow
 *      15         for each: its name (2 bytes of length, modified UTF-8), its generation (8 bytes)
 * </pre>
 *
 * @param base the generation of every cache that is not named, and the least of those that are; 0 if it is not known
 * @param raised generations above the base, by name of cache
 */
record GenerationRecord(long base, Map<String, Long> raised) {
    /** Knows nothing. */
    static final GenerationRecord NONE = new GenerationRecord(0, Map.of());

    /** "LG": neither another program's item nor an entry. */
    static final int CLIENT_FLAGS = 0x4C47;

    /** With names of the longest kind they still fit memcached's usual 1 MiB. */
    static final int MAX_CACHES = 2_000;

    private static final int MAX_NAME_CHARS = 100;
    private static final short MAGIC = 0x4C47;
    private static final byte VERSION = 1;

    /** Names that the base speaks for are left out, so that equal knowledge is an equal record. */
    GenerationRecord {
        long least = least(base, raised);
        base = least;
        raised = raised.entrySet().stream()
                .filter(cache -> cache.getValue() > least)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static GenerationRecord ofBase(long base) {
        return new GenerationRecord(base, Map.of());
    }

    static GenerationRecord ofCache(String cache, long generation) {
        return new GenerationRecord(0, Map.of(cache, generation));
    }

    /** With too many caches the base rises over the lowest of them: that clears others too, which costs loads and is never wrong. */
    private static long least(long base, Map<String, Long> raised) {
        if (raised.size() <= MAX_CACHES) {
            return base;
        }
        long[] ascending =
                raised.values().stream().mapToLong(Long::longValue).sorted().toArray();
        return Math.max(base, ascending[ascending.length - MAX_CACHES - 1]);
    }

    boolean hasBase() {
        return base > 0;
    }

    /** The generation of a cache; 0 if nothing is known of it. */
    long of(String cache) {
        return raised.getOrDefault(cache, base);
    }

    /** What both know together: the higher of each generation. */
    GenerationRecord merge(GenerationRecord other) {
        if (equals(other)) {
            return this;
        }
        Map<String, Long> both = new HashMap<>(raised);
        other.raised.forEach((cache, generation) -> both.merge(cache, generation, Math::max));
        return new GenerationRecord(Math.max(base, other.base), both);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(MAGIC);
            out.writeByte(VERSION);
            out.writeLong(base);
            out.writeInt(raised.size());
            for (Map.Entry<String, Long> cache : new TreeMap<>(raised).entrySet()) {
                // Takes half a surrogate pair for what it is, so that two such names stay two.
                out.writeUTF(cache.getKey());
                out.writeLong(cache.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory are written without fail", e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} made; empty for anything else, also for a version that this release does not know. */
    static Optional<GenerationRecord> decode(byte[] data, int clientFlags) {
        if (clientFlags != CLIENT_FLAGS) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(data))) {
            if (in.readShort() != MAGIC || in.readByte() != VERSION) {
                return Optional.empty();
            }
            long base = in.readLong();
            int caches = in.readInt();
            if (!isGeneration(base) || caches < 0 || caches > MAX_CACHES) {
                return Optional.empty();
            }
            Map<String, Long> raised = new HashMap<>();
            for (int i = 0; i < caches; i++) {
                String name = in.readUTF();
                long generation = in.readLong();
                if (name.isEmpty() || name.length() > MAX_NAME_CHARS || !isGeneration(generation)) {
                    return Optional.empty();
                }
                raised.put(name, generation);
            }
            boolean ended = in.read() < 0 && raised.size() == caches;
            return ended ? Optional.of(new GenerationRecord(base, raised)) : Optional.empty();
        } catch (IOException e) {
            // It ends too early, or a name is not in that encoding.
            return Optional.empty();
        }
    }

    private static boolean isGeneration(long number) {
        return number >= 0 && number <= EntryHeader.MAX_GENERATION;
    }
}
