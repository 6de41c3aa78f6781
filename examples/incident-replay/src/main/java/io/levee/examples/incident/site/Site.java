package io.levee.examples.incident.site;

import io.levee.examples.incident.client.SiteCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A web site: request threads, and a queue before them that holds so many visitors and turns the rest away.
 *
 * <p>A visitor who has waited for {@code patience} is answered 504 by the proxy in front; if that happened in the queue, the
 * site does not begin the page any more.
 */
public final class Site implements AutoCloseable {
    private final SiteCache cache;
    private final Traffic traffic;
    private final long patienceNanos;
    private final BlockingQueue<Request> queue;
    private final List<Thread> threads = new ArrayList<>();
    private final String overdue;
    private volatile boolean closed;

    public Site(SiteCache cache, Traffic traffic, int threads, int queue, Duration patience) {
        this.cache = cache;
        this.traffic = traffic;
        this.patienceNanos = patience.toNanos();
        this.queue = new ArrayBlockingQueue<>(queue);
        this.overdue = "504: no answer within " + patience.toSeconds() + " s";
        for (int number = 1; number <= threads; number++) {
            Thread thread = new Thread(this::work, "request-" + number);
            thread.setDaemon(true);
            thread.start();
            this.threads.add(thread);
        }
    }

    /** A visitor comes; never blocks. */
    void arrive(Request request) {
        traffic.offered();
        if (!queue.offer(request)) {
            traffic.turnedAway("503: queue full");
        }
    }

    private void work() {
        try {
            // A flag besides the interrupt, because spymemcached swallows interrupts.
            while (!closed) {
                answer(queue.take());
            }
        } catch (InterruptedException e) {
            // The site closes.
        }
    }

    private void answer(Request request) throws InterruptedException {
        if (waited(request) >= patienceNanos) {
            traffic.failed(overdue, patienceNanos);
            return;
        }
        String error = null;
        try {
            cache.get(request.page());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            error = "500: " + e.getClass().getSimpleName();
        }
        long nanos = waited(request);
        if (nanos >= patienceNanos) {
            traffic.failed(overdue, patienceNanos);
        } else if (error != null) {
            traffic.failed(error, nanos);
        } else {
            traffic.served(nanos);
        }
    }

    private static long waited(Request request) {
        return System.nanoTime() - request.intendedAt();
    }

    /** Lets the visitors go, and returns when the threads have ended or a few seconds have passed. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        for (Thread thread : threads) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            try {
                thread.join(Math.max(1, leftMillis));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
