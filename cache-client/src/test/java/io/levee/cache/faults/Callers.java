package io.levee.cache.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Threads that call a cache over and over until closed, as a site's request threads do. */
final class Callers implements AutoCloseable {
    /** One call with a key between 0 and the number of keys. Throws what the caller would see, or an error of its own. */
    interface Caller {
        void call(int key) throws Exception;
    }

    private final Caller caller;
    private final int keys;
    private final long pauseNanos;
    private final long slowNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stop;

    /**
     * @param pauseNanos between two calls of a thread
     * @param slowNanos calls that took so long or longer are counted
     */
    private Callers(int keys, long pauseNanos, long slowNanos, Caller caller) {
        this.keys = keys;
        this.pauseNanos = pauseNanos;
        this.slowNanos = slowNanos;
        this.caller = caller;
    }

    static Callers start(int count, int keys, long pauseNanos, long slowNanos, Caller caller) {
        Callers callers = new Callers(keys, pauseNanos, slowNanos, caller);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(callers::run, "caller-" + i);
            thread.setDaemon(true);
            callers.threads.add(thread);
        }
        callers.threads.forEach(Thread::start);
        return callers;
    }

    private void run() {
        while (!stop) {
            long startNanos = System.nanoTime();
            try {
                caller.call(ThreadLocalRandom.current().nextInt(keys));
            } catch (Throwable e) {
                failures.add(e);
            }
            if (System.nanoTime() - startNanos >= slowNanos) {
                slow.incrementAndGet();
            }
            calls.incrementAndGet();
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }

    long calls() {
        return calls.get();
    }

    long slow() {
        return slow.get();
    }

    /** The first few of what callers saw instead of a value. */
    List<Throwable> failures() {
        return failures.stream().limit(5).toList();
    }

    /** Waits for the calls under way. */
    @Override
    public void close() {
        stop = true;
        for (Thread thread : threads) {
            try {
                thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while callers end", e);
            }
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " hangs in a call");
            }
        }
    }
}
