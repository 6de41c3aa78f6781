package io.levee.cache;

/**
 * Writes a value to its source of truth, usually a database. With one, {@link ReadThroughCache#put} and {@link
 * ReadThroughCache#remove} write the database first, and the cache only if that went well.
 *
 * <p><b>Calling thread.</b> The thread that called {@code put} or {@code remove}, under no lock and no permit of the cache. It may block,
 * for as long as it takes; the cache sets no bound to it. Two writes of one key may run at once: their order is the database's affair.
 *
 * <p><b>Transactions.</b> A writer commits before it returns. The cache takes what was written for true from then on; if it is rolled back
 * afterwards, the cache keeps what never was. So inside a transaction of the caller's use no writer: write there, and after the commit
 * call {@link ReadThroughCache#invalidate}.
 *
 * <p><b>Re-entry.</b> A writer may read and write this cache and others. What it reads of the very key is what was there before.
 */
public interface CacheWriter<K, V> {
    /**
     * Writes {@code value}, whether or not the key had one before.
     *
     * @param key never null
     * @param value never null
     * @throws Exception to say that it was not written. It is not retried, the cache is not changed, and the caller gets a {@link
     *     WriteException} with this exception as its cause. If it may have been written all the same (a connection that was lost during
     *     the commit), whoever catches that calls {@link ReadThroughCache#invalidate}
     */
    void write(K key, V value) throws Exception;

    /**
     * Deletes the value of {@code key}, if there is one: that there is none is no failure.
     *
     * @param key never null
     * @throws Exception as {@link #write}
     */
    void delete(K key) throws Exception;
}
