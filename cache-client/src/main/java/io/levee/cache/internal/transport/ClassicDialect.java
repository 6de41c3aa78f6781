package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The text commands that every memcached knows: {@code gets}, {@code add}, {@code cas}, {@code set}, {@code delete}.
 *
 * <p>A lease on a key that is not there is a {@link Placeholder} under it, and ends by the placeholder's time to live or by a
 * write. A lease on an item that is there is an item under {@link LeaseKey}, and ends by its time to live or by a fill. A read
 * that asks for a lease costs a second round trip where the first finds nothing, and may take two operation timeouts.
 */
final class ClassicDialect implements Dialect {
    private final SpyConnection connection;

    ClassicDialect(SpyConnection connection) {
        this.connection = connection;
    }

    /** A hit carries no lease here, whatever it has left to live. */
    @Override
    public CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds) {
        return getAll(List.of(key), leaseSeconds, recacheSeconds).thenApply(replies -> replies.get(0));
    }

    @Override
    public CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds) {
        if (leaseSeconds != 0) {
            // Before anything is sent: what is thrown later would be thrown into the future.
            Expiration.relative(leaseSeconds);
        }
        CompletableFuture<List<Reply>> found = read(keys, List.of());
        return leaseSeconds == 0 ? found : found.thenCompose(replies -> withLeases(keys, replies, leaseSeconds));
    }

    private CompletableFuture<List<Reply>> read(List<String> keys, List<Placeholder> left) {
        BulkReplies replies = new BulkReplies(keys.size());
        return connection
                .send(replies.slots(), () -> ClassicRead.all(connection, keys, left, replies))
                .thenApply(replies::upTo);
    }

    /** Leaves a placeholder under each key that has nothing, and looks who was first to. */
    private CompletableFuture<List<Reply>> withLeases(List<String> keys, List<Reply> found, int leaseSeconds) {
        List<Integer> places = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (isNothing(found.get(i))) {
                places.add(i);
                absent.add(keys.get(i));
            }
        }
        if (absent.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        List<Placeholder> placeholders =
                absent.stream().map(key -> new Placeholder(leaseSeconds)).toList();
        return read(absent, placeholders).thenApply(later -> {
            List<Reply> replies = new ArrayList<>(found);
            for (int i = 0; i < later.size(); i++) {
                replies.set(places.get(i), later.get(i));
            }
            return replies;
        });
    }

    /** A tombstone is something, so that no placeholder can be left there. */
    private static boolean isNothing(Reply reply) {
        return reply instanceof Reply.Miss miss && miss.lease() == Lease.NONE && miss.token() == 0;
    }

    @Override
    public CompletableFuture<Reply> claim(String key, int leaseSeconds) {
        BulkReplies replies = new BulkReplies(1);
        Placeholder claim = new Placeholder(leaseSeconds);
        return connection
                .send(() -> ClassicRead.claim(connection, key, claim, replies))
                .thenCompose(end -> {
                    Reply reply = replies.upTo(end).get(0);
                    return isNothing(reply) ? get(key, leaseSeconds, 0) : CompletableFuture.completedFuture(reply);
                });
    }

    @Override
    public CompletableFuture<Reply> set(String key, byte[] data, int flags, long expiration) {
        return connection.send(() -> ClassicWrite.set(connection, key, data, flags, expiration));
    }

    @Override
    public CompletableFuture<Reply> fill(String key, byte[] data, int flags, long expiration, long token) {
        if (token == 0) {
            // A node that was told to keep no tokens takes this one for any.
            return CompletableFuture.completedFuture(new Reply.NotStored());
        }
        return connection.send(() -> ClassicWrite.fill(connection, key, data, flags, expiration, token));
    }

    @Override
    public CompletableFuture<Reply> add(String key, byte[] data, int flags, long expiration) {
        return connection.send(() -> ClassicWrite.add(connection, key, data, flags, expiration));
    }

    @Override
    public CompletableFuture<Reply> reserve(String key, long expiration) {
        CompletableFuture<Reply> left = add(key, Tombstone.NOTHING, Tombstone.FLAGS, expiration);
        // Behind it on the same connection, so that it finds what that has left.
        return get(key, 0, 0).thenCombine(left, Tombstone::reserved);
    }

    @Override
    public CompletableFuture<Reply> delete(String key) {
        return connection.send(() -> ClassicWrite.delete(connection, key));
    }

    @Override
    public CompletableFuture<Reply> release(String key, long token) {
        if (token == 0) {
            return CompletableFuture.completedFuture(new Reply.NotStored());
        }
        return connection.send(() -> ClassicWrite.release(connection, key, token));
    }

    @Override
    public CompletableFuture<Reply> bury(String key, long expiration) {
        return connection.send(() -> ClassicWrite.bury(connection, key, expiration));
    }

    @Override
    public CompletableFuture<Reply> bury(String key, long expiration, long token) {
        if (token == 0) {
            return CompletableFuture.completedFuture(new Reply.NotStored());
        }
        return connection.send(() -> ClassicWrite.bury(connection, key, expiration, token));
    }

    /**
     * Sends nothing: all leases end by time here. To remove the lease would need a token to remove it by, lest two who give the
     * holder up remove each other's and both load.
     */
    @Override
    public CompletableFuture<Reply> reopen(String key, long token) {
        return CompletableFuture.completedFuture(new Reply.Reopened());
    }

    @Override
    public CompletableFuture<Reply> probe() {
        return connection.send(() -> PlainRequest.classicProbe(connection));
    }
}
