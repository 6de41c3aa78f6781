package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A caller on a thread of its own. */
final class Caller<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean flagKept;

    private Caller(Callable<T> call) {
        thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable e) {
                        flagKept = Thread.currentThread().isInterrupted();
                        result.completeExceptionally(e);
                    }
                },
                "caller");
        thread.setDaemon(true);
    }

    static <T> Caller<T> start(Callable<T> call) {
        Caller<T> caller = new Caller<>(call);
        caller.thread.start();
        return caller;
    }

    /** All at once. */
    static <T> List<Caller<T>> start(int count, Callable<T> call) {
        CountDownLatch ready = new CountDownLatch(count);
        CountDownLatch go = new CountDownLatch(1);
        List<Caller<T>> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(start(() -> {
                ready.countDown();
                go.await();
                return call.call();
            }));
        }
        awaitLatch(ready);
        go.countDown();
        return callers;
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).as("came so far").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    T result() throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    Throwable failure() {
        await().until(result::isDone);
        return result.handle((value, failure) -> failure).join();
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Whether the thread was still marked as interrupted when the call had failed. */
    boolean hasKeptItsFlag() {
        return flagKept;
    }

    void interrupt() {
        thread.interrupt();
    }

    Caller<T> awaitParked() {
        await().pollInterval(1, TimeUnit.MILLISECONDS)
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return this;
    }
}
