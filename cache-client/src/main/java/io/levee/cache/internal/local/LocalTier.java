package io.levee.cache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * What this process holds itself: the near cache, and the fallback for keys whose node is dead. One bound, in encoded bytes,
 * over all caches of a client; the least useful entries go first, whichever cache they are of (Caffeine's W-TinyLFU).
 *
 * <p>An entry leaves for want of room and by {@link Shelf#remove} and {@link Shelf#clear}, not by time: its age is looked at when it is read, which
 * spares each write a timer.
 */
public final class LocalTier {
    /** What an entry takes on the heap beside its encoded bytes: Caffeine's node, the key object, the entry object. */
    private static final int OVERHEAD_BYTES = 200;

    private final Cache<LocalKey, LocalEntry<?>> entries;

    public LocalTier(long maximumBytes) {
        entries = Caffeine.newBuilder()
                .maximumWeight(maximumBytes)
                .weigher((LocalKey key, LocalEntry<?> entry) -> OVERHEAD_BYTES + entry.weightBytes())
                // Eviction is done by the thread that writes: no foreign pool holds entries that are to be gone.
                .executor(Runnable::run)
                // Told on the thread that evicts, once an entry; nothing is told of the other ways to leave.
                .evictionListener((key, entry, cause) -> {
                    if (key != null) {
                        key.holding().evicted();
                    }
                })
                .build();
    }

    /** The part of one cache. */
    public <V> Shelf<V> shelf() {
        return new Shelf<>(entries);
    }

    /** The encoded bytes held now, with their overhead. */
    public long weightBytes() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    public void clear() {
        entries.invalidateAll();
    }
}
