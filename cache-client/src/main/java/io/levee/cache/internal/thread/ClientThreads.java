package io.levee.cache.internal.thread;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that the caches of one client share. All are daemons named {@code levee-<client>-<role>}, started when first
 * needed and gone after {@link #close}.
 */
public final class ClientThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_WAIT_SECONDS = 5;

    private final ThreadPoolExecutor callbacks;
    private final ThreadPoolExecutor loaders;
    private final Timer timer;

    public ClientThreads(String clientName) {
        int processors = Runtime.getRuntime().availableProcessors();
        callbacks = new ThreadPoolExecutor(
                processors,
                processors,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("levee-" + clientName + "-callback-"),
                ClientThreads::runWhereItStands);
        callbacks.allowCoreThreadTimeOut(true);
        // No bound of its own: a load has a permit of its cache before it comes here.
        loaders = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("levee-" + clientName + "-loader-"),
                ClientThreads::runWhereItStands);
        timer = new Timer(clientName);
    }

    /** Runs the steps of asynchronous calls. Steps compute; they do not block. */
    public Executor callbacks() {
        return callbacks;
    }

    /** Runs loaders, which block. */
    public Executor loaders() {
        return loaders;
    }

    public Timer timer() {
        return timer;
    }

    /** Interrupts the loaders that run, and waits a few seconds for them. */
    @Override
    public void close() {
        timer.close();
        callbacks.shutdown();
        loaders.shutdownNow();
        if (Thread.currentThread() instanceof Worker) {
            // A loader or a future's dependent closes the client: it would wait for itself.
            return;
        }
        try {
            loaders.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
            callbacks.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After {@link #close}: what is left to do is to tell a caller that it is over, and nobody else would. */
    private static void runWhereItStands(Runnable step, ThreadPoolExecutor closed) {
        step.run();
    }

    private static final class Worker extends Thread {
        Worker(Runnable step, String name) {
            super(step, name);
        }
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return step -> {
            Thread thread = new Worker(step, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
