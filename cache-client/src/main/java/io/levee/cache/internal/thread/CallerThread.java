package io.levee.cache.internal.thread;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Runs the steps of a flow on the thread that called, for as long as that thread waits for the flow's result. This is what lets
 * one flow serve blocking and asynchronous callers: a blocking caller lends it its own thread.
 *
 * <p>A caller that is interrupted leaves; the steps that are left run elsewhere, because others may wait for what they bring.
 */
public final class CallerThread implements Executor {
    private final Thread thread = Thread.currentThread();
    private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
    private final Executor successor;
    private volatile boolean left;

    private CallerThread(Executor successor) {
        this.successor = successor;
    }

    /**
     * Runs a flow to its end and returns its result. Exceptions in the result come out as {@link
     * java.util.concurrent.CompletionException}s.
     *
     * @param successor runs the remaining steps if this thread is interrupted
     * @throws InterruptedException if it is
     */
    public static <T> T run(Executor successor, Function<Executor, CompletableFuture<T>> flow)
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

    private void runStepsUntil(CompletableFuture<?> result) throws InterruptedException {
        while (true) {
            Runnable step = steps.poll();
            if (step != null) {
                step.run();
            } else if (result.isDone()) {
                return;
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void leave() {
        left = true;
        handOver();
    }

    private void handOver() {
        for (Runnable step = steps.poll(); step != null; step = steps.poll()) {
            successor.execute(step);
        }
    }
}
