package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The replies to the keys of one bulk read, as they come. Written by the I/O thread, and read by whoever ends the operation,
 * which may be the timeout thread while the rest is still coming.
 */
final class BulkReplies {
    /** One slot of those in flight for so many keys: the commands of eight are about as long as a small value. */
    private static final int KEYS_A_SLOT = 8;

    private final AtomicReferenceArray<Reply> replies;

    BulkReplies(int keys) {
        replies = new AtomicReferenceArray<>(keys);
    }

    int slots() {
        return (replies.length() + KEYS_A_SLOT - 1) / KEYS_A_SLOT;
    }

    void put(int index, Reply reply) {
        replies.set(index, reply);
    }

    /** A reply for each key: those that came, and for the rest a miss, or {@code end} if the operation failed. */
    List<Reply> upTo(Reply end) {
        Reply rest = end instanceof Unavailable ? end : new Reply.Miss(Lease.NONE, 0);
        Reply[] all = new Reply[replies.length()];
        Arrays.setAll(all, i -> {
            Reply reply = replies.get(i);
            return reply == null ? rest : reply;
        });
        return List.of(all);
    }
}
