package io.levee.cache.internal.node;

import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Keeps one node in use, or out of use while it is dead. Read {@link #supervise} first.
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
 * answered and some operations succeeded on it ({@link NodeBreaker#isProven}; the periodic probes count, so that an idle node
 * proves itself too). A server at its connection limit accepts and then refuses: each connect succeeds, none is proven,
 * and the backoff grows.
 *
 * <p><b>Threads.</b> One daemon thread a node does all that may take time: open, probe, close, and firing the node's events.
 * Others only set a flag and unpark it: the transport's I/O thread ({@link Session#end}), a caller whose outcome opens the
 * breaker, and {@link #close}. There is no lock, so there is no order of locks; every wait but that of {@link Transport#open} is
 * {@link WakefulThread#await}, which looks at its condition again whenever it is woken.
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
    private final WakefulThread thread;
    private final NodeCheckup checkup;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);

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
        this.thread = new WakefulThread("levee-" + settings.client() + "-node-" + node.address(), this::supervise);
        this.checkup = new NodeCheckup(node, health, thread, settings.connectTimeoutNanos(), settings.youth());
    }

    void start() {
        thread.start();
    }

    private void supervise() throws InterruptedException {
        try {
            while (true) {
                String reason = connectAndServe();
                thread.throwIfClosed();
                restAfter(reason);
            }
        } finally {
            node.retire();
            firstAttempt.countDown();
        }
    }

    /** One connection from first to last. Returns why it came to nothing, or to an end. */
    private String connectAndServe() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + settings.connectTimeoutNanos();
        health.probing(node.address());
        try (Session session = new Session(node, settings.breaker(), thread::wake)) {
            session.open(transport, node.address());
            checkup.admit(session, deadlineNanos);
            rejoin.beforeServing(node.address(), session.connection());
            if (session.hasEnded()) {
                return session.ending();
            }
            String ending = serve(session);
            if (session.breaker().isProven()) {
                reconnect.reset();
            }
            return ending;
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        } catch (InterruptedException e) {
            thread.throwIfClosed();
            return "interrupted";
        } catch (RuntimeException | Error e) {
            // Whatever it was, it must not end this thread: nobody else would bring the node back.
            return "unexpected " + e;
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
                thread.await(session::hasEnded, System.nanoTime() + settings.probeIntervalNanos());
            }
            if (!session.connection().isAlive()) {
                session.end("connection lost");
            }
            if (session.hasEnded()) {
                break;
            }
            String failure = checkup.failure(session);
            if (failure == null) {
                unanswered = 0;
                checkup.observe(session);
            } else if (++unanswered == PROBES_UNANSWERED) {
                session.end(failure + ": " + unanswered + " probes in a row went unanswered");
            }
        }
        if (session.isTripped()) {
            health.tripped(node.address(), session.ending());
        }
        return session.ending();
    }

    /** DOWN, until it is time for the next attempt. */
    private void restAfter(String reason) throws InterruptedException {
        long delayNanos = reconnect.nextDelayNanos();
        node.down(reason);
        health.down(node.address(), reason, reconnect.attempts(), Duration.ofNanos(delayNanos));
        firstAttempt.countDown();
        thread.await(() -> false, System.nanoTime() + delayNanos);
    }

    /** Waits until the node came up or the first attempt failed; returns whether it did in time. */
    boolean awaitFirstAttempt(long deadlineNanos) throws InterruptedException {
        return firstAttempt.await(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Takes the node out of use for good. Does not wait for the thread, which may be connecting. */
    void close() {
        thread.close();
    }

    void join(long deadlineNanos) throws InterruptedException {
        thread.join(deadlineNanos);
    }

    boolean isRunning() {
        return thread.isRunning();
    }
}
