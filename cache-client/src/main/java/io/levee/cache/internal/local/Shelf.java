package io.levee.cache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;

/**
 * The part of the local tier that belongs to one cache.
 *
 * <p><b>A fill races an invalidation.</b> A reader gets the old value from memcached, another thread invalidates, and then
 * the reader comes to fill. So a reader takes the key's {@link #stamp} before it asks, and its fill counts only if the stamp is
 * still the same; {@link #put}, {@link #putAgain} and {@link #remove} change the stamp first and the entry second. Stamps are striped: keys that
 * share a stripe now and then cost each other a fill, never a wrong value.
 */
public final class Shelf<V> {
    private static final int STRIPES = 1024;

    private final int cacheId;
    private final Cache<LocalKey, LocalEntry<?>> entries;
    private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);

    Shelf(int cacheId, Cache<LocalKey, LocalEntry<?>> entries) {
        this.cacheId = cacheId;
        this.entries = entries;
    }

    /** The entry, of whatever age, or null. */
    @SuppressWarnings("unchecked") // a shelf holds what its own cache put there
    public LocalEntry<V> get(Object key) {
        return (LocalEntry<V>) entries.getIfPresent(new LocalKey(cacheId, key));
    }

    public long stamp(Object key) {
        return stamps.get(stripe(key));
    }

    /** Holds what was loaded, unless the key was put or removed since {@code stamp} was taken. */
    public void fill(Object key, LocalEntry<V> entry, long stamp) {
        fill(key, entry, stamp, present -> true);
    }

    /**
     * Holds what was read, on the same terms. A value that was loaded here since {@code askedAtNanos}, when the node was asked,
     * stays: what the node answered is older.
     */
    public void fillRead(Object key, LocalEntry<V> entry, long stamp, long askedAtNanos) {
        fill(key, entry, stamp, present -> !present.isHeldSince(askedAtNanos));
    }

    private void fill(Object key, LocalEntry<V> entry, long stamp, Predicate<LocalEntry<?>> gives) {
        int stripe = stripe(key);
        // Checked under the map's lock of this key: whoever changes the stamp later removes or puts after this.
        entries.asMap()
                .compute(
                        new LocalKey(cacheId, key),
                        (k, present) -> stamps.get(stripe) == stamp && (present == null || gives.test(present))
                                ? entry
                                : present);
    }

    /** Holds the caller's value. Returns the stamp that it has from now on. */
    public long put(Object key, LocalEntry<V> entry) {
        long stamp = stamps.incrementAndGet(stripe(key));
        entries.put(new LocalKey(cacheId, key), entry);
        return stamp;
    }

    /**
     * Holds a value that was {@link #put} and has reached its node now. If the key was put or removed since, nobody here can tell
     * which of the two the node has: then nothing is held.
     *
     * @param stamp what {@code put} returned
     */
    public void putAgain(Object key, LocalEntry<V> entry, long stamp) {
        int stripe = stripe(key);
        entries.asMap()
                .compute(
                        new LocalKey(cacheId, key),
                        (k, present) -> stamps.getAndIncrement(stripe) == stamp ? entry : null);
    }

    public void remove(Object key) {
        stamps.incrementAndGet(stripe(key));
        entries.invalidate(new LocalKey(cacheId, key));
    }

    private static int stripe(Object key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}
