package io.levee.cache.internal.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A daemon thread whose every wait ends early when others say that there is something to look at, and for good when it is closed.
 *
 * <p>{@link #wake} is one unpark: it may be called on any thread, never blocks, and is not lost if the thread is not waiting just
 * then. Whoever calls it must have made visible what there is to see.
 */
final class WakefulThread {
    /** What the thread does until it is closed. */
    @FunctionalInterface
    interface Work {
        /** Runs until an {@link InterruptedException}, which {@link WakefulThread#await} throws once the thread is closed. */
        void run() throws InterruptedException;
    }

    private final Thread thread;
    private volatile boolean closed;

    WakefulThread(String name, Work work) {
        thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        // Closed: this is the end.
                    }
                },
                name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    /** Waits, on this very thread, until the condition holds or the time has come. */
    void await(BooleanSupplier condition, long deadlineNanos) throws InterruptedException {
        while (true) {
            throwIfClosed();
            long leftNanos = deadlineNanos - System.nanoTime();
            if (condition.getAsBoolean() || leftNanos <= 0) {
                return;
            }
            LockSupport.parkNanos(this, leftNanos);
        }
    }

    /** Waits until the future is done, the condition holds or the time has come; returns whether the future is done. */
    boolean await(CompletableFuture<?> future, BooleanSupplier condition, long deadlineNanos)
            throws InterruptedException {
        CompletableFuture<?> unused = future.whenComplete((value, error) -> wake());
        await(() -> future.isDone() || condition.getAsBoolean(), deadlineNanos);
        return future.isDone();
    }

    /**
     * The flag tells, not the interrupt: what runs on this thread may have swallowed the interrupt of {@link #close}, or have
     * interrupted it for reasons of its own, which must neither end it nor keep it from parking.
     */
    void throwIfClosed() throws InterruptedException {
        boolean cleared = Thread.interrupted();
        if (closed) {
            throw new InterruptedException("closed" + (cleared ? "" : ", and the interrupt was swallowed"));
        }
    }

    /** Does not wait for the thread: it may be in a call that is deaf to interrupts. */
    void close() {
        closed = true;
        thread.interrupt();
    }

    void join(long deadlineNanos) throws InterruptedException {
        // At least a millisecond, since zero means for ever.
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
    }

    boolean isRunning() {
        return thread.isAlive();
    }
}
