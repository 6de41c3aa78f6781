package io.levee.cache.internal.thread;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short steps later, on the one thread {@code levee-<client>-timer}. A step must not block. */
public final class Timer implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    public Timer(String clientName) {
        executor = new ScheduledThreadPoolExecutor(
                1,
                step -> {
                    Thread thread = new Thread(null, step, "levee-" + clientName + "-timer", 0, false);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        // A call that was answered takes its timers with it, so that they do not keep its value reachable.
        executor.setRemoveOnCancelPolicy(true);
    }

    /** After {@link #close} it never runs; whoever waits for it is ended by what it waits on. */
    public Future<?> after(long nanos, Runnable step) {
        return executor.schedule(step, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
