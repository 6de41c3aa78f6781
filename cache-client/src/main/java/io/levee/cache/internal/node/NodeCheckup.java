package io.levee.cache.internal.node;

import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.health.NodeProbe;
import io.levee.cache.internal.health.ServerVersion;
import io.levee.cache.internal.health.Vitals;
import io.levee.cache.internal.transport.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a node is asked on its supervisor's thread: before it serves, and now and then while it does. */
final class NodeCheckup {
    private final Node node;
    private final HealthTracker health;
    private final WakefulThread thread;
    private final long limitNanos;
    private final Duration youth;

    NodeCheckup(Node node, HealthTracker health, WakefulThread thread, long limitNanos, Duration youth) {
        this.node = node;
        this.health = health;
        this.thread = thread;
        this.limitNanos = limitNanos;
        this.youth = youth;
    }

    /**
     * Whether this node can serve: it answers, and its server is one that can be used. Tells the connection which commands this server
     * understands, how large an item it takes and for how long it is young, and the node whether it was restarted.
     *
     * @param deadlineNanos for the answer, set before the connection was opened: one limit for both
     * @throws IOException if it cannot; the message says why in a few words
     */
    void admit(Session session, long deadlineNanos) throws IOException, InterruptedException {
        Reply probe = probe(session, deadlineNanos);
        if (probe instanceof Reply.Unavailable no && isUnknownCommand(no)) {
            session.connection().speakClassic();
            probe = probe(session, deadlineNanos);
        }
        if (probe instanceof Reply.Unavailable no) {
            // The connection's own end says more than what became of the probe.
            throw new IOException(session.hasEnded() ? session.ending() : no.detail());
        }
        long askedNanos = System.nanoTime();
        Vitals vitals = ask(session);
        Optional<ServerVersion> version = ServerVersion.parse(vitals.version());
        if (version.isPresent() && !version.get().isSupported()) {
            throw unsupported(vitals.version());
        }
        if (version.isPresent() && !version.get().hasMetaCommands()) {
            session.connection().speakClassic();
        }
        if (vitals.itemLimitBytes() > 0) {
            session.connection().itemLimit(vitals.itemLimitBytes());
        }
        session.connection().youngFor(Restart.youthLeft(youth, vitals.uptimeSeconds()));
        node.admitted(vitals, youth, askedNanos);
    }

    private Reply probe(Session session, long deadlineNanos) throws IOException, InterruptedException {
        CompletableFuture<Reply> probe = session.connection().probe();
        if (!answered(session, probe, deadlineNanos)) {
            throw new IOException(session.hasEnded() ? session.ending() : "connected, but no answer in time");
        }
        return probe.join();
    }

    /** Why the node does not answer a probe, in a few words; null if it does. The breaker is told as of any operation. */
    String failure(Session session) throws InterruptedException {
        CompletableFuture<Reply> probe = session.connection().probe();
        if (!answered(session, probe, System.nanoTime() + limitNanos)) {
            return "timeout";
        }
        Reply reply = probe.join();
        session.breaker().accept(reply, null);
        if (!(reply instanceof Reply.Unavailable no)) {
            return null;
        }
        return switch (no.reason()) {
            case TIMEOUT -> "timeout";
            // Not sent: callers keep the connection full, and their outcomes are judge enough.
            case SHED -> null;
            case DISCONNECTED, REFUSED, CLOSED -> no.detail();
        };
    }

    /** Asks the server about itself and tells the tracker. What it does not answer in time is unknown. */
    void observe(Session session) throws InterruptedException {
        node.observed(ask(session));
    }

    private Vitals ask(Session session) throws InterruptedException {
        CompletableFuture<Vitals> told = NodeProbe.vitals(session.connection());
        Vitals vitals = answered(session, told, System.nanoTime() + limitNanos) ? told.join() : Vitals.UNKNOWN;
        health.observed(node.address(), vitals);
        return vitals;
    }

    private boolean answered(Session session, CompletableFuture<?> future, long deadlineNanos)
            throws InterruptedException {
        return thread.await(future, session::hasEnded, deadlineNanos);
    }

    /** The bare word, not "ERROR Too many open connections". */
    private static boolean isUnknownCommand(Reply.Unavailable no) {
        return no.reason() == Reply.Reason.REFUSED
                && no.detail().strip().toUpperCase(Locale.ROOT).equals("ERROR");
    }

    private IOException unsupported(String version) {
        String detail = "memcached " + version + " is too old for Levee, which needs " + ServerVersion.OLDEST_SUPPORTED
                + " or newer";
        health.unsupported(node.address(), detail);
        return new IOException(detail);
    }
}
