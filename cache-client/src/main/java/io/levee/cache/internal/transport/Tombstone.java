package io.levee.cache.internal.transport;

/**
 * What an invalidation leaves on a node whose server was started a short while ago: an empty item with flags of its own. An {@code
 * add} of a value that was read before the invalidation finds it and is refused. To a reader it is nothing, with a token. Whoever is
 * about to write the key to the database leaves one too, where nothing is, for its token's sake.
 */
final class Tombstone {
    /** The client flags of a tombstone ("LT"): beside those of Levee's entries ("LV"), of placeholders, and no codec's. */
    static final int FLAGS = 0x4C54;

    static final byte[] NOTHING = new byte[0];

    private Tombstone() {}

    /**
     * What came of a reservation.
     *
     * @param found by a read behind it
     * @param left what became of the tombstone that was to be left if nothing was there
     */
    static Reply reserved(Reply found, Reply left) {
        if (found instanceof Reply.Miss miss) {
            return new Reply.Reserved(miss.token(), miss.token() != 0 && left instanceof Reply.Stored);
        }
        return found instanceof Reply.Hit hit ? new Reply.Reserved(hit.token(), false) : found;
    }

    static boolean isOne(int flags, int dataBytes) {
        return flags == FLAGS && dataBytes == 0;
    }
}
