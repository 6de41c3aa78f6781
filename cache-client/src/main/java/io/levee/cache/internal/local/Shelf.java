package io.levee.cache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * The part of the local tier that belongs to one cache.
 *
 * <p><b>A fill races an invalidation.</b> A reader gets the old value from memcached, another thread invalidates, and then
 * the reader comes to fill. So a reader takes the key's {@link #stamp} before it asks, and its fill counts only if the stamp is
 * still the same; {@link #put}, {@link #putAgain} and {@link #remove} change the stamp first and the entry second. Stamps are striped: keys that
 * share a stripe now and then cost each other a fill, never a wrong value.
 *
 * <p><b>Clearing</b> changes every stamp first, and second gives the shelf a holding that no key names yet, so that all it held is out of
 * reach at once. A fill looks up the holding before the stamp: if it still finds the old stamp, it has the old holding too, and fills what
 * nobody reads any more.
 */
public final class Shelf<V> {
    private static final int STRIPES = 1024;

    private final LongAdder evictions = new LongAdder();
    private final Cache<LocalKey, LocalEntry<?>> entries;
    private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
    private volatile Holding holding = new Holding(evictions);

    /** An empty shelf. */
    Shelf(Cache<LocalKey, LocalEntry<?>> entries) {
        this.entries = entries;
    }

    /** The entry, of whatever age, or null. */
    @SuppressWarnings("unchecked") // a shelf holds what its own cache put there
    public LocalEntry<V> get(Object key) {
        return (LocalEntry<V>) entries.getIfPresent(new LocalKey(holding, key));
    }

    /** As {@link #get}, but does not count as use of the entry: for a walk over all of them. */
    @SuppressWarnings("unchecked") // a shelf holds what its own cache put there
    public LocalEntry<V> look(Object key) {
        return (LocalEntry<V>) entries.policy().getIfPresentQuietly(new LocalKey(holding, key));
    }

    /** The keys of all that is held now. Walks the whole tier. */
    public List<Object> keys() {
        Holding now = holding;
        List<Object> keys = new ArrayList<>();
        for (LocalKey key : entries.asMap().keySet()) {
            if (isOf(key, now)) {
                keys.add(key.key());
            }
        }
        return keys;
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
     * stays, and so does one that is still on its way there: what the node answered is older. So does, too, one that is surely newer, as the node may have been out of reach when that
     * was written; a later reader must find it here to see that the node is behind.
     */
    public void fillRead(Object key, LocalEntry<V> entry, long stamp, long askedAtNanos) {
        fill(
                key,
                entry,
                stamp,
                present -> !present.isHeldSince(askedAtNanos)
                        && !present.isToReplace(entry.token())
                        && !(present.isUsable(askedAtNanos) && present.isSurelyNewerThan(entry)));
    }

    private void fill(Object key, LocalEntry<V> entry, long stamp, Predicate<LocalEntry<?>> gives) {
        int stripe = stripe(key);
        // Checked under the map's lock of this key: whoever changes the stamp later removes or puts after this.
        entries.asMap().compute(new LocalKey(holding, key), (k, present) -> {
            if (stamps.get(stripe) != stamp || (present != null && !gives.test(present))) {
                return present;
            }
            if (present == null) {
                k.holding().added();
            }
            return entry;
        });
    }

    /** Holds the caller's value. Returns the stamp that it has from now on. */
    public long put(Object key, LocalEntry<V> entry) {
        long stamp = stamps.incrementAndGet(stripe(key));
        LocalKey localKey = new LocalKey(holding, key);
        if (entries.asMap().put(localKey, entry) == null) {
            localKey.holding().added();
        }
        return stamp;
    }

    /**
     * Holds a value that was {@link #put} and has reached its node now. If the key was put or removed since, nobody here can tell
     * which of the two the node has: then nothing is held.
     *
     * @param stamp what {@code put} returned; or the key's {@link #stamp}, from before what made the value true was begun
     */
    public void putAgain(Object key, LocalEntry<V> entry, long stamp) {
        int stripe = stripe(key);
        entries.asMap().compute(new LocalKey(holding, key), (k, present) -> {
            boolean holds = stamps.getAndIncrement(stripe) == stamp;
            if (holds && present == null) {
                k.holding().added();
            } else if (!holds && present != null) {
                k.holding().removed();
            }
            return holds ? entry : null;
        });
    }

    public void remove(Object key) {
        stamps.incrementAndGet(stripe(key));
        LocalKey localKey = new LocalKey(holding, key);
        if (entries.asMap().remove(localKey) != null) {
            localKey.holding().removed();
        }
    }

    /**
     * Holds nothing any more; fills and {@link #putAgain}s that began before are refused. Does not block, and takes no longer for a
     * full shelf.
     *
     * @param sweeper walks the whole tier, to make room of what was held here. Until it has, and for an entry that was being put
     *     at the very moment, that room is as if taken by entries that nobody reads: they go when there is want of room
     */
    public synchronized void clear(Executor sweeper) {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            stamps.incrementAndGet(stripe);
        }
        Holding cleared = holding;
        holding = new Holding(evictions);
        sweeper.execute(() -> entries.asMap().keySet().removeIf(key -> isOf(key, cleared)));
    }

    /** How many entries are held, of whatever age. Not exact while calls are under way. */
    public long size() {
        return Math.max(0, holding.entries());
    }

    /** How many entries have left for want of room, so far. */
    public long evictions() {
        return evictions.sum();
    }

    @SuppressWarnings("ReferenceEquality") // a holding is itself alone
    private static boolean isOf(LocalKey key, Holding holding) {
        return key.holding() == holding;
    }

    private static int stripe(Object key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}
