package io.levee.cache.monitor;

/** How the breaker of a node stands. Each connection begins with a breaker of its own. */
public enum BreakerState {
    /** It lets calls pass. So it does while a node is out of use for another reason: a connection lost or refused. */
    CLOSED,
    /** Too many operations failed; the connection was given up, and calls are not sent. */
    OPEN,
    /** After OPEN: a new connection is being tried, by a probe and not by calls. */
    HALF_OPEN
}
