package io.levee.cache;

import io.levee.cache.codec.Codec;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A named cache that loads what it does not have.
 *
 * <p>A value is looked for in this process (if {@link Builder#nearCache} is set), then in memcached, then loaded. When the
 * key's node is dead, the last value that this process knew stands in for it. <b>No fault of memcached is ever thrown</b>:
 * a dead, hung, full or lying node costs at most {@code operationTimeout} and a load.
 *
 * <p>Thread-safe. Values are shared between callers and with the local tier: treat them as immutable. Null keys and null
 * values are refused with a {@link NullPointerException}; a loader may return null.
 */
public interface ReadThroughCache<K, V> {
    /**
     * Returns the value of {@code key}, loading it if need be; null if the loader returned null.
     *
     * <p>Blocks: for at most {@code operationTimeout} on memcached, for at most {@code loadWait} on a load permit or on
     * another caller's load of this key, and for as long as the loader runs on this thread or its hard timeout allows.
     *
     * <p>If the calling thread is interrupted while it waits, a {@link CacheException} is thrown and the interrupt flag is
     * kept; a load under way goes on for the others.
     *
     * @throws LoadException if the loader failed and there is no stale value
     * @throws LoadTimeoutException if a load took too long and there is no stale value
     * @throws LoadRejectedException if too many loads are running and there is no stale value
     * @throws CacheClosedException if the client is closed
     * @throws IllegalStateException if the cache has no loader
     */
    V get(K key);

    /**
     * As {@link #get(Object)}, with a loader for this call. Calls for one key share one load, whichever loader began it.
     */
    V get(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * As {@link #get(Object)}, without blocking. The future's dependents run on a thread of the client: do not block there,
     * use the {@code Async} forms with an executor of your own. Failures are those of {@code get}, as the future's exception.
     * Cancelling the future does not stop the load.
     *
     * <p>At most 10,000 asynchronous calls of a cache are under way at once. One more gets what this process holds, fresh or
     * stale, or fails with a {@link LoadRejectedException}.
     */
    CompletableFuture<V> getAsync(K key);

    /**
     * As {@link #getAsync(Object)}, with a loader for this call, which runs on a loader thread of the client. Calls for one key share
     * one load, whichever loader began it.
     */
    CompletableFuture<V> getAsync(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * Returns the value that the tiers hold, fresh or stale; never loads. Blocks for at most {@code operationTimeout}. Empty
     * also for a remembered absence.
     */
    Optional<V> peek(K key);

    /**
     * As {@link #peek}, and tells where the value came from, how old it is, and whether it is stale. Also tells a remembered absence,
     * whose value is null and whose source is {@link Lookup.Source#ABSENT}, from nothing known.
     */
    Optional<Lookup<V>> peekLookup(K key);

    /**
     * As {@link #peekLookup}, without blocking. Bounded as {@link #getAsync(Object)} is: one call too many gets what this process
     * holds. Ends with an exception only if the client is closed.
     */
    CompletableFuture<Optional<Lookup<V>>> peekLookupAsync(K key);

    /** As {@link #get(Object)}, and tells where the value came from and how old it is. Never null. */
    Lookup<V> lookup(K key);

    /**
     * Stores the caller's value in memcached and in this process. A load of this key that is under way will not overwrite it.
     * Blocks for at most {@code operationTimeout}. A node that cannot be reached is counted and reported, not thrown: the value
     * is then held by this process alone.
     *
     * <p>With a {@link Builder#writer} the database is written first, on this thread. Then the value is stored, if nobody else has
     * written, loaded or invalidated the key since before that; otherwise it is removed, and the next read loads it. So writes of one key
     * at once, in any number of processes, leave no value older than the database's. Blocks for at most twice {@code operationTimeout},
     * and for as long as the writer runs. From when the writer has returned nothing is thrown: what goes wrong then makes an invalidation
     * of the put. Inside a transaction use no writer, see {@link CacheWriter}.
     *
     * <p>If the calling thread is interrupted before the writer runs, a {@link CacheException} is thrown and nothing is written; after it
     * has run the interrupt flag is kept, and that is all.
     *
     * @throws WriteException if the writer failed; the cache is not changed
     * @throws io.levee.cache.codec.CodecException if there is no writer and the value cannot be encoded; nothing is stored
     * @throws CacheClosedException if the client is closed; the writer does not run
     */
    void put(K key, V value);

    /**
     * Deletes the value from the database, by the {@link Builder#writer}, on this thread; then from memcached and from this process, as
     * {@link #invalidate}. Without a writer it is {@code invalidate}. Blocks for at most {@code operationTimeout}, and for as long as the
     * writer runs.
     *
     * @throws WriteException if the writer failed; the cache is not changed
     * @throws CacheClosedException if the client is closed; the writer does not run
     */
    void remove(K key);

    /**
     * Removes the value from memcached and from this process, and not from the database. A load of this key that is under way still answers those who
     * asked before, but is not cached. Blocks for at most {@code operationTimeout}. A node that cannot be reached is counted
     * and reported, not thrown.
     */
    void invalidate(K key);

    /** As {@link #invalidate} of each key, 500 at the same time. Blocks for at most {@code operationTimeout} for every 500 keys. */
    void invalidateAll(Collection<? extends K> keys);

    /**
     * Removes every value of this cache, in memcached and in this process: what was written before this call is not read any more.
     * Other processes follow within {@code 2 s}; docs/consistency.md says what holds when nodes are down. Loads that are under way
     * still answer those who asked before, but are not cached. Costs a few small requests, however many values there are. Blocks for
     * a few times {@code operationTimeout} at most. Nodes that cannot be reached learn of it when they are back.
     */
    void clear();

    /**
     * Returns the values of many keys, loading what no tier has: with one call of the {@link BulkLoader} if there is one, else with
     * single loads. Asks each node once for all its keys, and the nodes at the same time.
     *
     * <p>The map has the keys in the order given, each once; a key whose value is an absence is not in it. Each key's value is what
     * {@link #get} would have returned; the loads are those of {@code get} too: one per key at a time, in this process and in the
     * fleet. Blocks as {@code get} does; single loads run one after another on the calling thread, or, with {@link
     * Builder#loadTimeout}, side by side on threads of the client.
     *
     * @param keys any number; null is refused as a collection and as a key
     * @throws BulkLoadException if some keys could not be loaded; it has the values of the others, which are cached all the same
     * @throws CacheClosedException if the client is closed
     */
    Map<K, V> getAll(Collection<? extends K> keys);

    /**
     * As {@link #getAll(Collection)}, with a bulk loader for this call, which gets those of the keys that this call has to load. It also
     * loads, alone, a key that is served stale and refreshed behind this call. Calls for one key share one load, whichever loader
     * began it.
     */
    Map<K, V> getAll(Collection<? extends K> keys, BulkLoader<K, V> loader);

    /**
     * Loads {@code key} anew in the background, whatever the tiers hold, and stores the value. Does not block. A load of the key
     * that is under way is joined. On failure the old value stays, and the future ends with the exception of {@link #get}; a key
     * whose load failed within the last second is not loaded again yet.
     */
    CompletableFuture<V> refresh(K key);

    /**
     * Tells an engineer about a key, in a few lines: its name in memcached, its node and how that stands, what the node and what this
     * process have of it and how fresh that is, who is loading it, and how it is kept warm. For people; the words may change. The
     * value itself is not in it. Changes nothing, and counts as no lookup. Blocks for at most {@code operationTimeout}.
     */
    String explain(K key);

    /** The settings that this cache was built with, defaults included. Never blocks. */
    CacheSettings settings();

    /** What this cache has done so far. Never blocks. */
    CacheStats stats();

    /** The name it was built under. */
    String name();

    /**
     * Describes a cache. Settings are checked when they are given and, together, by {@link #build}: an {@link
     * IllegalArgumentException} names the setting, the value and the bound. A setting may be given once.
     *
     * <p>Not thread-safe.
     */
    interface Builder<K, V> {
        /** How to load a missing value. Without one and without a {@link #bulkLoader}, only calls that are given a loader load. */
        Builder<K, V> loader(CacheLoader<? super K, ? extends V> loader);

        /**
         * How to load many missing values at once, for {@link ReadThroughCache#getAll}. Without a {@link #loader} it also loads single
         * keys.
         */
        Builder<K, V> bulkLoader(BulkLoader<K, V> loader);

        /**
         * How to write a value to the database, for {@link ReadThroughCache#put} and {@link ReadThroughCache#remove}, which then write
         * there first. Without one, callers write there themselves.
         */
        Builder<K, V> writer(CacheWriter<? super K, ? super V> writer);

        /**
         * Turns a key into text. Keys of type String, Byte, Short, Integer, Long, UUID and enums need none. Two keys that are
         * not the same must not give the same text. Any text will do: it is encoded for memcached.
         */
        Builder<K, V> key(Function<? super K, String> key);

        /** How values become bytes, instead of the client's choice for the value type. */
        Builder<K, V> codec(Codec<V> codec);

        /** Required: how long a value is fresh. At least 1 ms, at most 30 days. */
        Builder<K, V> expireAfterWrite(Duration fresh);

        /**
         * How long after it was fresh a value may still be served while it is being reloaded, or cannot be. Zero to 30 days;
         * 1 h unless told.
         */
        Builder<K, V> staleFor(Duration stale);

        /**
         * A hit older than this is served at once and refreshed in the background. At least 1 ms and less than {@code
         * expireAfterWrite}; off unless told.
         */
        Builder<K, V> refreshAfterWrite(Duration age);

        /**
         * How long after asking memcached a value is served from this process without asking again. At least 1 ms, at most
         * {@code expireAfterWrite}; off unless told.
         */
        Builder<K, V> nearCache(Duration near);

        /** How long a loader's null is remembered. At least 1 ms, at most 30 days; off unless told. */
        Builder<K, V> cacheAbsent(Duration absent);

        /**
         * By which share of {@code expireAfterWrite} a value's freshness is shortened at random, so that values written together do
         * not end together. 0 to 0.5; 0.1 unless told.
         */
        Builder<K, V> expiryJitter(double share);

        /** How many loads of this cache may run at once in this process. 1 to 10,000; 16 unless told. */
        Builder<K, V> maxConcurrentLoads(int loads);

        /** How long a call waits for a load permit, for another caller's load of its key, or for another process's. Zero to 1 h; 1 s unless told. */
        Builder<K, V> loadWait(Duration wait);

        /**
         * Runs loads on threads of the client and bounds how long callers wait for them: past {@code soft} a stale value is served
         * if there is one, past {@code hard} the caller gets a {@link LoadTimeoutException}. The load itself goes on, keeps its
         * permit until it ends, and its value is cached. At least 1 ms, {@code soft} at most {@code hard}. Unless told there is no
         * timeout, and a {@code get} runs the loader on the calling thread.
         */
        Builder<K, V> loadTimeout(Duration soft, Duration hard);

        /**
         * Recomputes each of these keys once a period and writes it through to memcached and to this process's local tier, so that
         * none of them falls out of the cache: the periodic write-through. A key that is new is looked at at once, and
         * loaded if no tier has it.
         *
         * <p>Of a fleet that shares the keys one process loads each key in each period, whichever gets its lease; the others take the
         * value from memcached. The keys' loads are spread over the period, take at most half of {@code maxConcurrentLoads} (at
         * least one) at once and begin only when no caller waits for a permit. A load that fails keeps the old value, and is tried again one
         * period later, then after two, four, and eight at most. While a key's node is down each process loads the key for itself, so
         * late that the value is just still fresh. What is not renewed in a whole period is told by {@link
         * io.levee.cache.monitor.CacheListener#roundMissed}, in the statistics and by an advisory.
         *
         * <p>Only the cache's own {@link #loader} is used, or without one its {@link #bulkLoader}, a key at a time; never one that was
         * given to a call. Where the loader returns null,
         * set {@link #cacheAbsent}, or each process loads such a key in each period.
         *
         * @param period 10 ms to 30 days, and shorter than any value is fresh: {@code expireAfterWrite} less {@code expiryJitter}
         * @param keys at most 100,000; copied
         */
        Builder<K, V> periodicWriteThrough(Duration period, Collection<? extends K> keys);

        /**
         * As {@link #periodicWriteThrough(Duration, Collection)}, with keys that may change.
         *
         * @param keys asked once a period, on a thread of the client; may block. If it fails, the keys stay as they were. At most
         *     100,000 keys, none null
         */
        Builder<K, V> periodicWriteThrough(Duration period, Supplier<? extends Collection<? extends K>> keys);

        /**
         * As {@link #periodicWriteThrough(Duration, Collection)}, for the keys that were read lately: {@code
         * periodicWriteThrough(Duration.ofMinutes(1), KeysReadPolicy.keysReadWithin(Duration.ofMinutes(10)))}.
         */
        Builder<K, V> periodicWriteThrough(Duration period, KeysReadPolicy keys);

        /** Whether the fleet agrees on who loads; {@link LeasePolicy#on()} unless told. */
        Builder<K, V> lease(LeasePolicy lease);

        /**
         * Which form this release's values have. Raise it with a release whose values mean something else, or are written in another way,
         * than those of the release before; 0 to 65,535, 0 unless told.
         *
         * <p>Values of a lower version are as good as not there: loaded anew and overwritten. Those of a higher version, which a newer
         * release wrote, are left alone: this process loads for itself, as if their node were out of reach, keeps what it loaded for its
         * freshness, and writes nothing there. So while both releases run, a key costs one load for the newer one, and one for each
         * process of the older, whenever the newer one has written it; and not one per read. {@code put}, {@code invalidate}
         * and {@code clear} of either release are seen by both.
         */
        Builder<K, V> schemaVersion(int version);

        /**
         * Builds the cache. Does not block, and does not need a node to be up.
         *
         * @throws IllegalArgumentException if a required setting is missing or settings contradict each other, if no codec is known for
         *     the value type (the message says which dependency to add), or if this client has a cache of this name already
         * @throws CacheClosedException if the client is closed
         */
        ReadThroughCache<K, V> build();
    }
}
