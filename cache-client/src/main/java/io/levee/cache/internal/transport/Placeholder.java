package io.levee.cache.internal.transport;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** What stands for a lease where memcached knows none: a small item with flags of its own and bytes that nobody else makes. */
final class Placeholder {
    /** The client flags of a placeholder ("LW"): beside those of Levee's entries ("LV"), and no codec's. */
    private static final int FLAGS = 0x4C57;

    private static final int RANDOM_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] nonce;
    private final long expiration;

    /** @param leaseSeconds 1 or more */
    Placeholder(int leaseSeconds) {
        expiration = Expiration.relative(leaseSeconds);
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        // Sixteen letters rather than bytes, which a node that is out of step could take for a command.
        nonce = Base64.getUrlEncoder().encode(random);
    }

    static boolean isOne(int flags) {
        return flags == FLAGS;
    }

    boolean isMine(byte[] data) {
        return Arrays.equals(nonce, data);
    }

    /** The command that leaves it under this key if nothing is there. */
    CommandLine add(String key) {
        return ClassicWrite.store("add", key, nonce, FLAGS, expiration);
    }

    /** The command that puts an empty one there, gone at once, if the item with this token is still there. */
    static CommandLine nothingInPlaceOf(String key, long token) {
        return new CommandLine("cas", key, 0)
                .number(FLAGS)
                .word(" -1 0")
                .number(token)
                .data(new byte[0]);
    }
}
