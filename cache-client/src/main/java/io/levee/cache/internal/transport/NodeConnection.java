package io.levee.cache.internal.transport;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One multiplexed connection to one node. Thread-safe; no method blocks.
 *
 * <p>Every future completes, normally, with a {@link Reply} (no future ever completes exceptionally): with the node's answer,
 * or with {@link Reply.Unavailable} after the operation timeout, when the connection is lost or closed, or when too many
 * operations are in flight already. Futures complete on the connection's I/O thread or on the transport's timeout thread:
 * dependents that compute or block go elsewhere (the Async forms).
 *
 * <p>Keys are memcached keys: 1 to 250 bytes of printable ASCII without blanks. Any other is an IllegalArgumentException, and
 * so is a time to live or a number of seconds that is out of its range.
 */
public interface NodeConnection extends AutoCloseable {
    /**
     * Speaks the text commands that every memcached knows from now on, and no meta commands. For a node that has none, or not as
     * they are needed; to be called before anything but a probe is asked. The promises stay, with these differences: the lease
     * of a claim ends by time, {@code recacheSeconds} gives none, {@code reopen} is answered as done and changes nothing, and a
     * read that finds nothing and is to leave a lease may take two operation timeouts.
     */
    void speakClassic();

    /**
     * Reads an item ({@code mg}).
     *
     * @param leaseSeconds on a miss, leave an empty item that holds the key's lease for so long ({@code N}); 0 for a read that
     *     leaves nothing
     * @param recacheSeconds on a hit with less than this left to live, ask for the lease to refresh it ({@code R}); 0 not to
     * @return {@link Reply.Hit}, {@link Reply.Miss} or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds);

    /**
     * Reads many items at once: one request, and one operation timeout for all of it. It takes a slot in flight for every eight
     * keys.
     *
     * @param keys at most 500, each once; more is an IllegalArgumentException
     * @return a reply for each key, in their order, as {@link #get} gives them. If the request fails in the middle, the keys
     *     that were answered by then keep their answers, and the others are all {@link Reply.Unavailable}
     */
    CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds);

    /**
     * Asks for the lease to replace an item that is no good any more, however long it has left to live ({@code mg ... R}). Of
     * all who claim an item or read it with {@code recacheSeconds}, memcached gives the lease to one, and keeps that in mind
     * until the item is overwritten or {@linkplain #reopen reopened}: this lease does not end by itself. For an item that never
     * expires, which memcached's {@code R} passes over, it takes three round trips, and marks the item stale. The item may have
     * been replaced since it was found to be no good: who wins looks at what came with the lease.
     *
     * @param leaseSeconds 1 or more; if nothing is there, the lease is as a {@code get} leaves it
     * @return {@link Reply.Hit} whose lease is won or lost, {@link Reply.Miss} as {@code get} gives it, or {@link
     *     Reply.Unavailable}. A hit without a lease is an item that came meanwhile
     */
    CompletableFuture<Reply> claim(String key, int leaseSeconds);

    /**
     * Stores an item ({@code ms}), whatever is there.
     *
     * @param ttl time to live, more than zero; rounded up to memcached's seconds
     * @return {@link Reply.Stored}, {@link Reply.TooLarge} or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> set(String key, byte[] data, int flags, Duration ttl);

    /**
     * Stores an item only if the one that is there is still the one with this token ({@code ms ... C}).
     *
     * @return {@link Reply.Stored}, {@link Reply.NotStored}, {@link Reply.TooLarge} or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> fill(String key, byte[] data, int flags, Duration ttl, long token);

    /**
     * Stores an item only if nothing is there ({@code ms ... ME}). An empty item that holds a lease is something.
     *
     * @return {@link Reply.Stored}, {@link Reply.NotStored}, {@link Reply.TooLarge} or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> add(String key, byte[] data, int flags, Duration ttl);

    /**
     * Sees to it that something with a token is there, for a {@code fill} later on that is to be stored only if nobody has written the
     * key meanwhile. If nothing is there, it leaves a tombstone: to a reader that is nothing, and its lease is there to be claimed, so
     * that nobody waits for whoever reserved. What is there already stays as it is. One round trip, and two slots in flight.
     *
     * @param ttl how long the tombstone is to live, more than zero; rounded up to memcached's seconds
     * @return {@link Reply.Reserved} or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> reserve(String key, Duration ttl);

    /**
     * Takes a reservation back: removes the tombstone that it left if that is still there, also while the node is young. Nothing was
     * there before, and nothing is again.
     *
     * @return as {@link #release}
     */
    CompletableFuture<Reply> unreserve(String key, long token);

    /**
     * Removes an item ({@code md}). While the node {@linkplain #youngFor(Duration) is young} it leaves a tombstone in the item's
     * place, which is gone when that time is over: a read finds nothing, an {@code add} is refused.
     *
     * @return {@link Reply.Deleted} (whether or not it was there) or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> delete(String key);

    /**
     * Gives up a lease: removes the item only if it is still the one with this token ({@code md ... C}). While the node is young it
     * leaves a tombstone, as {@link #delete} does; the lease comes from there to the next who claims it.
     *
     * @return {@link Reply.Deleted} (also if nothing was there), {@link Reply.NotStored} if another version is there, which
     *     stays, or {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> release(String key, long token);

    /**
     * Takes whoever holds the lease of the item with this token for dead, so that another can get it ({@code md ... I C}).
     * Value, flags and time to live stay. The item is marked stale and gets a new token: a {@code fill} with the old one is
     * refused from now on, one with the new one stores and takes the mark away. The next reader of any kind gets the lease,
     * even one who asks for none, and learns the new token with it.
     *
     * @return {@link Reply.Reopened}, {@link Reply.NotStored} if another version is there, {@link Reply.Deleted} if none is, or
     *     {@link Reply.Unavailable}
     */
    CompletableFuture<Reply> reopen(String key, long token);

    /** Asks whether anyone is there ({@code mn}, or {@code version}). {@link Reply.Alive} or {@link Reply.Unavailable}. */
    CompletableFuture<Reply> probe();

    /** The server's version, as {@link Reply.Text}, or {@link Reply.Unavailable}. */
    CompletableFuture<Reply> version();

    /**
     * The server's statistics, as {@link Reply.Statistics}, or {@link Reply.Unavailable}.
     *
     * @param topic empty for the general ones, or {@code "settings"}
     */
    CompletableFuture<Reply> stats(String topic);

    /**
     * Says how large an item the server takes; 1 MiB until it is told. Larger values are refused before they are sent, so what
     * the server holds under their keys stays there.
     */
    void itemLimit(int bytes);

    /**
     * Says that the server was started a short while ago and counts as young for so long: processes may be refilling it with what they
     * held, and must not bring back what is invalidated meanwhile. Not young until it is told. At most 30 days.
     */
    void youngFor(Duration time);

    /** For how long the server is still young; zero if it is not. */
    Duration youngFor();

    /**
     * Operations that the node has still to answer, a bulk read being one for every eight keys; those whose callers timed out
     * count until their late answer is read.
     */
    int inFlight();

    /** Whether the I/O thread lives and the socket is connected. */
    boolean isAlive();

    /**
     * Closes the connection; operations in flight complete with {@link Reply.Unavailable}, and what of them has not reached the
     * node by then never will. Does not call {@code onLost}.
     */
    @Override
    void close();
}
