package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Meta commands: each operation is one round trip, and each answer says which request it is for. */
final class MetaDialect implements Dialect {
    private final SpyConnection connection;
    private final AtomicInteger opaques = new AtomicInteger();

    MetaDialect(SpyConnection connection) {
        this.connection = connection;
    }

    @Override
    public CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds) {
        return connection.send(() -> MetaGet.get(connection, key, opaques(1), leaseSeconds, recacheSeconds));
    }

    @Override
    public CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds) {
        BulkReplies replies = new BulkReplies(keys.size());
        return connection
                .send(
                        replies.slots(),
                        () -> new MetaGetAll(
                                connection, keys, opaques(keys.size()), leaseSeconds, recacheSeconds, replies))
                .thenApply(replies::upTo);
    }

    @Override
    public CompletableFuture<Reply> claim(String key, int leaseSeconds) {
        return connection
                .send(() -> MetaGet.claim(connection, key, opaques(1), leaseSeconds))
                .thenCompose(reply -> reply instanceof Reply.Hit hit && hit.lease() == Lease.NONE
                        ? claimUnending(key, leaseSeconds, hit.token())
                        : CompletableFuture.completedFuture(reply));
    }

    /** An item that never expires is never about to: memcached gives its lease only if it is marked stale. */
    private CompletableFuture<Reply> claimUnending(String key, int leaseSeconds, long token) {
        return reopen(key, token)
                .thenCompose(reply -> reply instanceof Unavailable
                        ? CompletableFuture.completedFuture(reply)
                        : get(key, leaseSeconds, 0));
    }

    @Override
    public CompletableFuture<Reply> set(String key, byte[] data, int flags, long expiration) {
        return connection.send(() -> MetaWrite.set(connection, key, opaques(1), data, flags, expiration));
    }

    @Override
    public CompletableFuture<Reply> fill(String key, byte[] data, int flags, long expiration, long token) {
        return connection.send(() -> MetaWrite.fill(connection, key, opaques(1), data, flags, expiration, token));
    }

    @Override
    public CompletableFuture<Reply> add(String key, byte[] data, int flags, long expiration) {
        return connection.send(() -> MetaWrite.add(connection, key, opaques(1), data, flags, expiration));
    }

    @Override
    public CompletableFuture<Reply> reserve(String key, long expiration) {
        CompletableFuture<Reply> left = add(key, Tombstone.NOTHING, Tombstone.FLAGS, expiration);
        // Behind it on the same connection, so that it finds what that has left.
        return connection
                .send(() -> MetaGet.version(connection, key, opaques(1)))
                .thenCompose(found -> withoutLease(key, found))
                .thenCombine(left, Tombstone::reserved);
    }

    /**
     * Of an item that is marked stale memcached gives the lease to whoever looks first. It is given up, or readers would wait for one
     * who does not load. That changes the token, and to ask for the new one would win the lease again.
     */
    private CompletableFuture<Reply> withoutLease(String key, Reply found) {
        long won = found instanceof Reply.Hit hit && hit.lease() == Lease.WON
                ? hit.token()
                : found instanceof Reply.Miss miss && miss.lease() == Lease.WON ? miss.token() : 0;
        return won == 0
                ? CompletableFuture.completedFuture(found)
                : reopen(key, won)
                        .thenApply(reply -> reply instanceof Unavailable ? reply : new Reply.Miss(Lease.NONE, 0));
    }

    @Override
    public CompletableFuture<Reply> delete(String key) {
        return connection.send(() -> MetaWrite.delete(connection, key, opaques(1)));
    }

    @Override
    public CompletableFuture<Reply> release(String key, long token) {
        return connection.send(() -> MetaWrite.release(connection, key, opaques(1), token));
    }

    @Override
    public CompletableFuture<Reply> bury(String key, long expiration) {
        return connection.send(() -> MetaWrite.bury(connection, key, opaques(1), expiration));
    }

    @Override
    public CompletableFuture<Reply> bury(String key, long expiration, long token) {
        return connection.send(() -> MetaWrite.bury(connection, key, opaques(1), expiration, token));
    }

    @Override
    public CompletableFuture<Reply> reopen(String key, long token) {
        return connection.send(() -> MetaWrite.reopen(connection, key, opaques(1), token));
    }

    @Override
    public CompletableFuture<Reply> probe() {
        return connection.send(() -> PlainRequest.metaProbe(connection));
    }

    /** The first of so many numbers in a row that no request in flight has. */
    private int opaques(int count) {
        return opaques.getAndUpdate(
                next -> next > Integer.MAX_VALUE - 2 * SpyConnection.MAX_BULK_KEYS ? 0 : next + count);
    }
}
