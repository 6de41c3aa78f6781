package io.levee.cache.internal.read;

import io.levee.cache.CacheException;
import io.levee.cache.internal.thread.CallerThread;
import io.levee.cache.internal.thread.ClientThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Runs the steps of one cache's blocking calls on the threads that call, and hands back what they came to. */
public final class CallingThread {
    private final String cache;
    private final ClientThreads threads;

    public CallingThread(String cache, ClientThreads threads) {
        this.cache = cache;
        this.threads = threads;
    }

    /**
     * Waits for the end of a flow.
     *
     * @param key what to call it if the thread is interrupted, in a {@link CacheException}
     */
    <T> T await(Object key, Function<CallerThread, CompletableFuture<T>> flow) {
        try {
            return CallerThread.run(threads.loaders(), flow);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CacheException("cache \"" + cache + "\": interrupted while waiting for key " + key, e);
        } catch (CompletionException e) {
            throw causeOf(e);
        }
    }

    /**
     * As {@link #await}, for what must not be given up: an interrupt is kept for later. For flows whose end comes soon by itself.
     */
    <T> void finish(Function<CallerThread, CompletableFuture<T>> flow) {
        CompletableFuture<T> end = new CompletableFuture<>();
        try {
            CallerThread.run(
                    threads.loaders(),
                    caller -> flow.apply(caller).whenComplete((value, failure) -> {
                        if (failure == null) {
                            end.complete(value);
                        } else {
                            end.completeExceptionally(failure);
                        }
                    }));
        } catch (InterruptedException e) {
            // The steps that are left run on another thread.
            try {
                end.join();
            } catch (CompletionException failure) {
                throw causeOf(failure);
            } finally {
                Thread.currentThread().interrupt();
            }
        } catch (CompletionException e) {
            throw causeOf(e);
        }
    }

    /** It was made by a step of the flow, or is a bug that must not be hidden. */
    private static RuntimeException causeOf(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }
}
