package io.levee.cache.internal.node;

import io.levee.cache.internal.health.Vitals;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * That another server process answers than the one that served this process before: its memory began empty, a short while ago.
 *
 * @param lostNanos when the one before was lost, on this process's monotonic clock
 * @param refillUntilNanos until when values may be sent that were held since before; afterwards a tombstone that would refuse one may
 *     have ended
 */
public record Restart(long lostNanos, long refillUntilNanos) {
    /**
     * For how long after its start a server counts as young, in every process alike. Long enough that processes are back on it (30 s
     * of backoff at most, unless set otherwise) and have sent what they hold (a minute carries 600,000 values to a node); short enough
     * that the tombstones of a busy fleet are no burden.
     */
    static final Duration YOUTH = Duration.ofMinutes(2);

    /** The server tells whole seconds, by a clock that ticks once a second. */
    private static final Duration INEXACT = Duration.ofSeconds(2);

    /** Between the last value sent and the first tombstone that may end: what was sent has arrived by then or never will. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    /**
     * For how long a server may still be young.
     *
     * @param youth how long servers are
     * @param uptimeSeconds what it told just now; -1 if it told nothing, and then it counts as started just now
     */
    static Duration youthLeft(Duration youth, long uptimeSeconds) {
        // Not more than that, or a sum overflows.
        long seconds = Math.max(0, Math.min(uptimeSeconds, youth.toSeconds() + INEXACT.toSeconds()));
        return uptimeSeconds < 0 || youth.isZero() ? youth : youth.plus(INEXACT).minusSeconds(seconds);
    }

    /**
     * The restart, if it was or may have been one; null if this server served before, or this process never had the node in use. If
     * the server does not tell for how long it has been running, nobody can say until when other processes leave tombstones on it:
     * then nothing may be sent.
     *
     * @param before what the node's server told last; null if this process never had the node in use
     * @param askedNanos when it was asked
     */
    static Restart of(Duration youth, Vitals before, Vitals now, long lostNanos, long askedNanos) {
        boolean unknown = now.uptimeSeconds() < 0;
        if (before == null || (unknown ? before.uptimeSeconds() < 0 : !now.isRestartOf(before))) {
            return null;
        }
        if (unknown) {
            return new Restart(lostNanos, askedNanos);
        }
        long forNanos = youth.minus(INEXACT).minus(QUIET).toNanos()
                - TimeUnit.SECONDS.toNanos(Math.min(now.uptimeSeconds(), youth.toSeconds()));
        return new Restart(lostNanos, askedNanos + forNanos);
    }
}
