package io.levee.cache.internal.thread;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Runs the steps of a flow on the thread that called, for as long as that thread waits for the flow's result. This is what lets
 * one flow serve blocking and asynchronous callers: a blocking caller lends it its own thread.
 *
 * <p>A caller that is interrupted leaves; the steps that are left run elsewhere, because others may wait for what they bring.
 */
public final class CallerThread implements LoaderThreads {
    private final Thread thread = Thread.currentThread();
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final LoaderThreads successor;
    private volatile LoaderThreads withContext;
    private volatile boolean left;
    private volatile boolean leaving;

    private CallerThread(LoaderThreads successor) {
        this.successor = successor;
    }

    /**
     * Runs a flow to its end and returns its result. Exceptions in the result come out as {@link
     * java.util.concurrent.CompletionException}s.
     *
     * @param successor runs the remaining steps if this thread is interrupted, in its context
     * @throws InterruptedException if it is
     */
    public static <T> T run(LoaderThreads successor, Function<CallerThread, CompletableFuture<T>> flow)
            throws InterruptedException {
        CallerThread here = new CallerThread(successor);
        CompletableFuture<T> result = flow.apply(here);
        if (!result.isDone()) {
            // A flow ends in a step, on this thread; one that breaks may end on another, which must not leave us
            // parked.
            Future<?> unused = result.whenComplete((value, failure) -> LockSupport.unpark(here.thread));
        }
        try {
            here.runStepsUntil(result);
        } finally {
            here.leave();
        }
        return result.join();
    }

    @Override
    public void execute(Runnable step) {
        steps.add(step);
        if (left) {
            // The caller may have looked for the last time before we added it. Each step is taken by one of us.
            handOver();
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public LoaderThreads withContext() {
        if (withContext == null) {
            withContext = successor.withContext();
        }
        return withContext;
    }

    @Override
    public <T> T call(Callable<T> load) throws Exception {
        return Thread.currentThread() == thread ? load.call() : withContext().call(load);
    }

    /** Whether it will not wait for the result: what has not been begun for it need not be. */
    public boolean isLeaving() {
        if (Thread.currentThread() == thread && thread.isInterrupted()) {
            // Who is told so may never complete the result, so it holds even if a step takes the interrupt away.
            leaving = true;
        }
        return left || leaving;
    }

    private void runStepsUntil(CompletableFuture<?> result) throws InterruptedException {
        while (true) {
            Runnable step = steps.poll();
            if (step != null) {
                step.run();
            } else if (result.isDone()) {
                return;
            } else if (isLeaving()) {
                // Whoever takes our steps may come to load.
                withContext();
                Thread.interrupted();
                throw new InterruptedException();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void leave() {
        if (withContext == null) {
            withContext = successor;
        }
        left = true;
        handOver();
    }

    private void handOver() {
        for (Runnable step = steps.poll(); step != null; step = steps.poll()) {
            successor.execute(step);
        }
    }
}
