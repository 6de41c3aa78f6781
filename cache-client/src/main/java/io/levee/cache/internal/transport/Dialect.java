package io.levee.cache.internal.transport;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The commands in which one connection keeps the promises of {@link NodeConnection}. Sizes have been looked at before, and times
 * to live are memcached's seconds. Thread-safe; never blocks.
 */
interface Dialect {
    CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds);

    /**
     * Reads many.
     *
     * @param keys at least one; not changed by anyone any more
     */
    CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds);

    CompletableFuture<Reply> claim(String key, int leaseSeconds);

    CompletableFuture<Reply> set(String key, byte[] data, int flags, long expiration);

    CompletableFuture<Reply> fill(String key, byte[] data, int flags, long expiration, long token);

    CompletableFuture<Reply> add(String key, byte[] data, int flags, long expiration);

    CompletableFuture<Reply> reserve(String key, long expiration);

    CompletableFuture<Reply> delete(String key);

    CompletableFuture<Reply> release(String key, long token);

    /** Leaves a {@link Tombstone}, whatever is there. Answered as a delete. */
    CompletableFuture<Reply> bury(String key, long expiration);

    /** Leaves a {@link Tombstone} in place of the item with this token. Answered as a release. */
    CompletableFuture<Reply> bury(String key, long expiration, long token);

    CompletableFuture<Reply> reopen(String key, long token);

    CompletableFuture<Reply> probe();
}
