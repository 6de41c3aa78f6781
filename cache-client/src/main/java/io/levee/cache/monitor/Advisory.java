package io.levee.cache.monitor;

import io.levee.cache.discovery.NodeAddress;
import java.time.Instant;

/**
 * Something an engineer should know before it hurts, or that explains what just did.
 *
 * @param code what kind of thing
 * @param node the node concerned, or null if it is about a cache
 * @param cache the name of the cache concerned, or null if it is about a node
 * @param detail one sentence with the numbers that matter
 * @param since when it was first seen
 */
public record Advisory(Code code, NodeAddress node, String cache, String detail, Instant since) {
    /** The kinds of advisory. */
    public enum Code {
        /** The node's connections are near or at its limit. */
        CONNECTION_LIMIT,
        /** The server was restarted, so its memory is empty. Kept for ten minutes after the restart. */
        RESTARTED,
        /** The server's version is known for a crash or for lost data. */
        KNOWN_BAD_VERSION,
        /** The server is older than 1.4.0, the oldest that Levee can use. The node stays out of use. */
        UNSUPPORTED_VERSION,
        /** Keys that the periodic write-through is to keep warm were not renewed in a whole period. */
        ROUNDS_MISSED
    }

    /** About a node. */
    public Advisory(Code code, NodeAddress node, String detail, Instant since) {
        this(code, node, null, detail, since);
    }

    /** About a cache. */
    public static Advisory ofCache(Code code, String cache, String detail, Instant since) {
        return new Advisory(code, null, cache, detail, since);
    }

    /** What it is about, in words. */
    public String subject() {
        return node != null ? node.toString() : "cache " + cache;
    }

    /** Begins with the code. */
    @Override
    public String toString() {
        return code + " " + subject() + ": " + detail;
    }
}
