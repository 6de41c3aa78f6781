package io.levee.cache.monitor;

import io.levee.cache.discovery.NodeAddress;
import java.time.Instant;

/**
 * Something an engineer should know before it hurts, or that explains what just did.
 *
 * @param code what kind of thing
 * @param node the node concerned
 * @param detail one sentence with the numbers that matter
 * @param since when it was first seen
 */
public record Advisory(Code code, NodeAddress node, String detail, Instant since) {
    /** The kinds of advisory. */
    public enum Code {
        /** The node's connections are near or at its limit. */
        CONNECTION_LIMIT,
        /** The server was restarted, so its memory is empty. Kept for ten minutes after the restart. */
        RESTARTED,
        /** The server's version is known for a crash or for lost data. */
        KNOWN_BAD_VERSION,
        /** The server is older than 1.4.0, the oldest that Levee can use. The node stays out of use. */
        UNSUPPORTED_VERSION
    }

    /** Begins with the code. */
    @Override
    public String toString() {
        return code + " " + node + ": " + detail;
    }
}
