package io.levee.cache.monitor;

/** What became of an operation that was sent to a node. */
public enum OperationOutcome {
    /** The node answered, whatever it said: hit, miss, stored, not stored. */
    ANSWERED,
    /** No answer within {@code operationTimeout}. */
    TIMEOUT,
    /** The node answered with an error. */
    REFUSED,
    /** The connection ended before the answer. */
    DISCONNECTED,
    /** Not sent: too many operations were under way on the connection. */
    SHED,
    /** The client was closed meanwhile. */
    CLOSED
}
