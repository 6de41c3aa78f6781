package io.levee.cache.internal.generation;

import io.levee.cache.internal.entry.EntryHeader;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** What this process knows of the generations, and who of its caches is to hear when one rises. Thread-safe. */
final class Knowledge {
    /** How many generations a millisecond has. */
    private static final long PER_MILLI = 1 << 16;

    private final Map<String, Generation> caches = new ConcurrentHashMap<>();

    /** Nodes that said at least once what they know, or that they know nothing; looked at while there is no base. */
    private final Set<String> heard = ConcurrentHashMap.newKeySet();

    /** Replaced under this object's monitor; read without. */
    private volatile GenerationRecord known = GenerationRecord.NONE;

    GenerationRecord known() {
        return known;
    }

    /** The handle of a cache, the same one each time. */
    Generation of(String cache) {
        Generation generation = caches.computeIfAbsent(cache, name -> new Generation());
        // After it was registered: what is adopted later finds it.
        generation.rise(known.of(cache));
        return generation;
    }

    /** Takes over what is higher in a record. */
    void adopt(GenerationRecord other) {
        merge(other);
        caches.forEach((cache, generation) -> generation.rise(known.of(cache)));
    }

    void heardFrom(String node) {
        if (!known.hasBase()) {
            heard.add(node);
        }
    }

    /**
     * Whether nobody has a record with a base: all nodes have been asked, and none had. While one of them was never reached, it may
     * have the record, and to begin another would declare all entries on the other nodes old.
     */
    boolean isWithoutRecord(Collection<String> nodes) {
        return !known.hasBase() && !nodes.isEmpty() && heard.containsAll(nodes);
    }

    /**
     * Raises the generation of a cache above every one that is known here, and returns it. By the clock, so that it is likely to be
     * above those that are not known here yet; but never down, whatever the clock says. No two processes raise to the same number,
     * but by a rare chance: who finds the number that he raised to on a node knows that it is his own.
     */
    long raise(String cache, long nowMillis) {
        long raised;
        synchronized (this) {
            long least = Math.max(known.of(cache) + 1, at(nowMillis));
            raised = Math.min(
                    EntryHeader.MAX_GENERATION,
                    least + ThreadLocalRandom.current().nextLong(PER_MILLI));
            merge(GenerationRecord.ofCache(cache, raised));
        }
        of(cache);
        return raised;
    }

    /** The first generation of a moment on the wall clock. */
    static long at(long millis) {
        return millis * PER_MILLI;
    }

    private synchronized void merge(GenerationRecord other) {
        known = known.merge(other);
    }
}
