package io.levee.cache.internal.node;

import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.health.NodeProbe;
import io.levee.cache.internal.health.ServerVersion;
import io.levee.cache.internal.health.Vitals;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Keeps one node in use, or out of use while it is dead. Read {@link #run} first.
 *
 * <pre>
 *            backoff over             connected              probe answered
 *   DOWN ------------------> CONNECTING ------> PROBING ----------------------> UP
 *     ^                          |                 |                             |
 *     +--------------------------+-----------------+-----------------------------+
 *       refused, timed out         no answer,         connection lost, breaker open,
 *                                  wrong version      two probes unanswered
 * </pre>
 *
 * <p>The backoff grows with every attempt and is reset only when a connection that ended had proven itself: its probe was
 * answered and as many operations succeeded on it as the breaker's window is long (the periodic probes count, so that an idle
 * node proves itself too). A server at its connection limit accepts and then refuses: each connect succeeds, none is proven,
 * and the backoff grows.
 *
 * <p><b>Threads.</b> One daemon thread a node does all that may take time: open, probe, close, and firing the node's events.
 * Others only set a flag and unpark it: the transport's I/O thread ({@link Session#end}), a caller whose outcome opens the
 * breaker, and {@link #close}. There is no lock, so there is no order of locks; every wait is {@link #await}, which looks at
 * its condition again whenever it is woken.
 */
final class NodeSupervisor {
    /** How often a probe of a node in use may go unanswered in a row: one may be a pause of the server's, two are its end. */
    private static final int PROBES_UNANSWERED = 2;

    private final Node node;
    private final NodeSettings settings;
    private final Transport transport;
    private final HealthTracker health;
    private final Rejoin rejoin;
    private final Reconnect reconnect;
    private final Thread thread;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private volatile boolean closed;

    NodeSupervisor(
            Node node,
            NodeSettings settings,
            Transport transport,
            HealthTracker health,
            Rejoin rejoin,
            RandomGenerator random) {
        this.node = node;
        this.settings = settings;
        this.transport = transport;
        this.health = health;
        this.rejoin = rejoin;
        this.reconnect = new Reconnect(settings.backoffFirstNanos(), settings.backoffMaxNanos(), random);
        this.thread = new Thread(this::run, "levee-" + settings.client() + "-node-" + node.address());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                String reason = connectAndServe();
                restAfter(reason);
            }
        } catch (InterruptedException e) {
            // close() ends the thread; nothing else does.
        } finally {
            node.retire();
            firstAttempt.countDown();
        }
    }

    /** One connection from first to last. Returns why it came to nothing, or to an end. */
    private String connectAndServe() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        health.probing(node.address());
        try (Session session = new Session(node, settings.breaker(), this::wake)) {
            session.open(transport, node.address());
            probe(session, deadlineNanos);
            examine(session);
            rejoin.beforeServing(node.address(), session.connection());
            String ending = serve(session);
            if (session.breaker().isProven()) {
                reconnect.reset();
            }
            return ending;
        } catch (IOException e) {
            return said(e);
        } catch (InterruptedException e) {
            if (closed) {
                throw e;
            }
            return "interrupted";
        } catch (RuntimeException | Error e) {
            // Whatever it was, it must not end this thread: nobody else would bring the node back.
            return "unexpected " + e;
        }
    }

    /** PROBING: the node is there once it has answered. */
    private void probe(Session session, long deadlineNanos) throws IOException, InterruptedException {
        CompletableFuture<Reply> answer = answer(session, session.connection().probe(), deadlineNanos);
        if (!answer.isDone()) {
            throw new IOException(session.hasEnded() ? session.ending() : "connected, but no answer in time");
        }
        if (answer.join() instanceof Reply.Unavailable no) {
            if (isUnknownCommand(no)) {
                throw unsupported(answer(session, session.connection().version(), deadlineNanos));
            }
            throw new IOException(no.detail());
        }
    }

    /** What its server says about itself decides whether it can be used, and how large its items may be. */
    private void examine(Session session) throws IOException, InterruptedException {
        Vitals vitals = observe(session);
        if (!ServerVersion.parse(vitals.version())
                .map(ServerVersion::isSupported)
                .orElse(true)) {
            throw unsupported(vitals.version());
        }
        if (vitals.itemLimitBytes() > 0) {
            session.connection().itemLimit(vitals.itemLimitBytes());
        }
    }

    /** UP, until the session ends. Returns why it did. */
    private String serve(Session session) throws InterruptedException {
        node.publish(session);
        health.up(node.address());
        firstAttempt.countDown();
        int unanswered = 0;
        while (!session.hasEnded()) {
            if (unanswered == 0) {
                await(session::hasEnded, System.nanoTime() + settings.probeIntervalNanos());
            }
            if (!session.connection().isAlive()) {
                session.end("connection lost");
            }
            if (session.hasEnded()) {
                break;
            }
            String failure = probeFailure(session);
            if (failure == null) {
                unanswered = 0;
                observe(session);
            } else if (++unanswered == PROBES_UNANSWERED) {
                session.end(failure + ": " + unanswered + " probes in a row went unanswered");
            }
        }
        return session.ending();
    }

    /** DOWN, until it is time for the next attempt. */
    private void restAfter(String reason) throws InterruptedException {
        if (closed) {
            throw new InterruptedException();
        }
        long delayNanos = reconnect.nextDelayNanos();
        node.down(reason);
        health.down(node.address(), reason, reconnect.attempts(), Duration.ofNanos(delayNanos));
        firstAttempt.countDown();
        await(() -> false, System.nanoTime() + delayNanos);
    }

    /** Why the node did not answer a probe; null if it did. */
    private String probeFailure(Session session) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        CompletableFuture<Reply> answer = answer(session, session.connection().probe(), deadlineNanos);
        if (!answer.isDone()) {
            return "timeout";
        }
        Reply reply = answer.join();
        session.breaker().accept(reply, null);
        // A probe that was shed was not sent: callers keep the connection full, and their outcomes are judge enough.
        if (!(reply instanceof Reply.Unavailable no) || no.reason() == Reply.Reason.SHED) {
            return null;
        }
        return no.reason() == Reply.Reason.TIMEOUT ? "timeout" : no.detail();
    }

    private Vitals observe(Session session) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        CompletableFuture<Vitals> told = answer(session, NodeProbe.vitals(session.connection()), deadlineNanos);
        Vitals vitals = told.isDone() ? told.join() : Vitals.UNKNOWN;
        health.observed(node.address(), vitals);
        return vitals;
    }

    private static boolean isUnknownCommand(Reply.Unavailable no) {
        return no.reason() == Reply.Reason.REFUSED
                && no.detail().strip().toUpperCase(Locale.ROOT).endsWith("ERROR");
    }

    private IOException unsupported(CompletableFuture<Reply> version) {
        return unsupported(version.isDone() && version.join() instanceof Reply.Text text ? text.text() : "(unknown)");
    }

    private IOException unsupported(String version) {
        String detail = "memcached " + version + " has no meta commands as Levee needs them; "
                + ServerVersion.OLDEST_SUPPORTED + " or newer does";
        health.unsupported(node.address(), detail);
        return new IOException(detail);
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Waits for the future, the end of the session or the deadline, whichever comes first. */
    private <T> CompletableFuture<T> answer(Session session, CompletableFuture<T> future, long deadlineNanos)
            throws InterruptedException {
        CompletableFuture<T> woken = future.whenComplete((value, error) -> wake());
        await(() -> woken.isDone() || session.hasEnded(), deadlineNanos);
        return woken;
    }

    private void await(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
        while (true) {
            // The flag tells, not the interrupt: a transport may have swallowed it, and it need not be from close().
            if (closed) {
                throw new InterruptedException();
            }
            boolean ignored = Thread.interrupted();
            long leftNanos = deadlineNanos - System.nanoTime();
            if (condition.getAsBoolean() || leftNanos <= 0) {
                return;
            }
            LockSupport.parkNanos(this, leftNanos);
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    /** Waits until the node came up or the first attempt failed. */
    boolean awaitFirstAttempt(long deadlineNanos) throws InterruptedException {
        return firstAttempt.await(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Takes the node out of use for good. Does not wait for the thread, which may be connecting. */
    void close() {
        closed = true;
        thread.interrupt();
    }

    void join(long deadlineNanos) throws InterruptedException {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        thread.join(Math.max(1, leftMillis));
    }

    boolean isRunning() {
        return thread.isAlive();
    }
}
