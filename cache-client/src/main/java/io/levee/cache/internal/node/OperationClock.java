package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.monitor.OperationOutcome;
import java.util.List;

/**
 * Times operations while somebody listens to that. While nobody does, an operation costs one volatile read here and no look at
 * the clock.
 */
final class OperationClock {
    /** Times nothing: nobody listens. */
    static final OperationClock STOPPED = new OperationClock(new Listeners(List.of()));

    private final Listeners listeners;

    OperationClock(Listeners listeners) {
        this.listeners = listeners;
    }

    /** When an operation begins; 0 if it is not to be timed. */
    long begin() {
        if (!listeners.timesOperations()) {
            return 0;
        }
        long nowNanos = System.nanoTime();
        return nowNanos == 0 ? 1 : nowNanos;
    }

    /** Tells of an operation that was timed. Does not throw. */
    void end(NodeAddress node, long begunNanos, Reply reply) {
        listeners.operationEnded(node, outcome(reply), System.nanoTime() - begunNanos);
    }

    private static OperationOutcome outcome(Reply reply) {
        if (!(reply instanceof Reply.Unavailable unavailable)) {
            return reply == null ? OperationOutcome.REFUSED : OperationOutcome.ANSWERED;
        }
        return switch (unavailable.reason()) {
            case TIMEOUT -> OperationOutcome.TIMEOUT;
            case REFUSED -> OperationOutcome.REFUSED;
            case DISCONNECTED -> OperationOutcome.DISCONNECTED;
            case SHED -> OperationOutcome.SHED;
            case CLOSED -> OperationOutcome.CLOSED;
        };
    }
}
