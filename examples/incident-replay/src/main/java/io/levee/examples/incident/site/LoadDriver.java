package io.levee.examples.incident.site;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends visitors at a steady rate, whether or not the site keeps up: an open load. Each visitor's time begins when it was due,
 * so that neither a slow site nor a late driver hides the waiting.
 */
public final class LoadDriver implements AutoCloseable {
    private final Site site;
    private final Visits visits;
    private final double nanosBetween;
    private final Thread thread = new Thread(this::drive, "load-driver");
    private volatile boolean closed;

    public LoadDriver(Site site, Visits visits, int perSecond) {
        this.site = site;
        this.visits = visits;
        this.nanosBetween = (double) TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void drive() {
        long began = System.nanoTime();
        for (long visitor = 0; !closed; visitor++) {
            long due = began + (long) (visitor * nanosBetween);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                if (closed) {
                    return;
                }
                LockSupport.parkNanos(left);
            }
            site.arrive(new Request(visits.next(), due));
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
