package io.levee.cache.internal.transport;

/**
 * What an invalidation leaves on a node whose server was started a short while ago: an empty item with flags of its own. An {@code
 * add} of a value that was read before the invalidation finds it and is refused. To a reader it is nothing, with a token.
 */
final class Tombstone {
    /** The client flags of a tombstone ("LT"): beside those of Levee's entries ("LV"), of placeholders, and no codec's. */
    static final int FLAGS = 0x4C54;

    static final byte[] NOTHING = new byte[0];

    private Tombstone() {}

    static boolean isOne(int flags, int dataBytes) {
        return flags == FLAGS && dataBytes == 0;
    }
}
