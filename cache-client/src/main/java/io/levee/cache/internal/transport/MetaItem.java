package io.levee.cache.internal.transport;

import io.levee.cache.internal.transport.Reply.Lease;
import java.nio.ByteBuffer;

/**
 * One item as {@code mg} tells it: a line of flags, and a value. It must carry its key and the request's opaque: a value of
 * another key must never be served. I/O thread only.
 *
 * <p>How an empty value is understood: memcached marks an item that was made by {@code N} for good (until it is overwritten),
 * and says W to the one who got its lease and Z to every later reader, whether or not it asks for leases. So an empty value
 * with W or Z is a placeholder and a {@link Reply.Miss}; one with neither was stored empty by someone, and is a {@link
 * Reply.Hit}. An item that was stored empty and whose recache lease is out cannot be told from a placeholder and counts as
 * one; Levee's entries have a header and are never empty. A {@link Tombstone} is a miss whatever the lease.
 */
final class MetaItem {
    private final String key;
    private final int opaque;

    private int flags;
    private long token;
    private Lease lease = Lease.NONE;
    private boolean stale;
    private boolean echoed;
    private ItemData data;

    MetaItem(String key, int opaque) {
        this.key = key;
        this.opaque = opaque;
    }

    /** Reads the line that announces the value; the cursor stands on its first word, {@code VA}. */
    void announce(ReplyLine line, int itemLimit, boolean wanted) throws OutOfStepException {
        if (!line.is("VA") || !line.next()) {
            throw SpyOperation.unexpected(line);
        }
        ItemData announced = new ItemData(line, itemLimit, wanted);
        flags(line);
        if (!echoed) {
            throw new OutOfStepException("a value that names neither its key nor its request: " + line.text());
        }
        data = announced;
    }

    /** The item without its value, by a line of flags whose first word the cursor stands on. */
    Reply version(ReplyLine line) throws OutOfStepException {
        flags(line);
        if (!echoed) {
            throw new OutOfStepException("a version that names neither its key nor its request: " + line.text());
        }
        return Tombstone.isOne(flags, 0)
                ? new Reply.Miss(lease, token)
                : new Reply.Hit(Tombstone.NOTHING, flags, token, lease, stale);
    }

    boolean isAnnounced() {
        return data != null;
    }

    /** Reads the words behind the cursor. */
    void flags(ReplyLine line) throws OutOfStepException {
        boolean keyEchoed = false;
        boolean opaqueEchoed = false;
        while (line.next()) {
            switch (line.letter()) {
                case 'f' -> flags = (int) line.numberAfterLetter();
                case 'c' -> token = line.numberAfterLetter();
                case 'W' -> lease = Lease.WON;
                case 'Z' -> lease = lease == Lease.WON ? Lease.WON : Lease.LOST;
                case 'X' -> stale = true;
                case 'k' -> {
                    if (!line.isLetterAnd(key)) {
                        throw new OutOfStepException("another key's value");
                    }
                    keyEchoed = true;
                }
                case 'O' -> {
                    if (line.numberAfterLetter() != opaque) {
                        throw new OutOfStepException("another request's value");
                    }
                    opaqueEchoed = true;
                }
                default -> {
                    // A later memcached may say more.
                }
            }
        }
        echoed = keyEchoed && opaqueEchoed;
    }

    /** Takes what has come of the value, and returns the reply once it is whole; null before. */
    Reply read(ByteBuffer bytes, boolean wanted) throws OutOfStepException {
        if (!data.readFrom(bytes, wanted)) {
            return null;
        }
        if (data.length() == 0 && (lease != Lease.NONE || Tombstone.isOne(flags, 0))) {
            return new Reply.Miss(lease, token);
        }
        return new Reply.Hit(data.bytes(), flags, token, lease, stale);
    }
}
