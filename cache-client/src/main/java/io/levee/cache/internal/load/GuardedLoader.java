package io.levee.cache.internal.load;

import io.levee.cache.CacheLoader;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.load.LoadOutcome.Closed;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Interrupted;
import io.levee.cache.internal.load.LoadOutcome.Loaded;
import io.levee.cache.internal.load.LoadOutcome.Rejected;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Runs the loads of one cache: never more at once than the bound, never the same failing key again at once, never twice for
 * one call. Its futures complete normally, with a {@link LoadOutcome}.
 */
public final class GuardedLoader<K, V> {
    private final LoadPermits permits;
    private final FailureMemory failures;
    private final CacheEvents events;
    private final TimeSource time;
    private volatile boolean closed;

    public GuardedLoader(String cache, int bound, Timer timer, CacheEvents events, TimeSource time) {
        this.permits = new LoadPermits(cache, bound, timer);
        this.failures = new FailureMemory(time);
        this.events = events;
        this.time = time;
    }

    /**
     * Loads a value.
     *
     * @param key what the loader gets
     * @param localKey the same key, as it is told from others
     * @param outer the load that this one is part of, or null
     * @param awaited whether the outer load waits for this one
     * @param waitNanos how long to wait for a permit
     * @param where runs the loader
     */
    public CompletableFuture<LoadOutcome<V>> load(
            K key,
            Object localKey,
            CacheLoader<? super K, ? extends V> loader,
            LoadFrame outer,
            boolean awaited,
            long waitNanos,
            Executor where) {
        if (closed) {
            return CompletableFuture.completedFuture(new Closed<>());
        }
        Throwable recent = failures.recent(localKey);
        if (recent != null) {
            return CompletableFuture.completedFuture(new Failed<>(recent));
        }
        LoadFrame frame = new LoadFrame(this, localKey, outer);
        if (awaited && outer != null && outer.holdsPermitOf(this)) {
            // To wait for a second permit while holding one is how a bound deadlocks. An outer load that does not wait
            // could
            // start any number of loads beside the bound: those take permits like any other.
            return CompletableFuture.supplyAsync(() -> run(key, localKey, loader, frame), where);
        }
        long askedAtNanos = time.nanos();
        return permits.acquire(waitNanos)
                // Who gets no permit goes no further: the permits alone bound the threads that run loaders.
                .thenCompose(granted -> granted
                        ? underPermit(key, localKey, loader, frame, where)
                        : CompletableFuture.completedFuture(refused(key, askedAtNanos)));
    }

    private CompletableFuture<LoadOutcome<V>> underPermit(
            K key, Object localKey, CacheLoader<? super K, ? extends V> loader, LoadFrame frame, Executor where) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return run(key, localKey, loader, frame);
                        } finally {
                            permits.release();
                        }
                    },
                    where);
        } catch (RuntimeException | Error e) {
            // No thread was to be had: nobody else would give the permit back.
            permits.release();
            throw e;
        }
    }

    /** For a call that is one too many even to wait. */
    public LoadOutcome<V> turnAway(K key) {
        return refused(key, time.nanos());
    }

    private LoadOutcome<V> refused(K key, long askedAtNanos) {
        if (closed) {
            return new Closed<>();
        }
        events.loadRejected(key, permits.running());
        return new Rejected<>(permits.bound(), time.nanos() - askedAtNanos);
    }

    /** Whether {@code frame} is inside a load of this key, so that waiting for that load would be waiting for oneself. */
    public boolean isLoading(Object localKey, LoadFrame frame) {
        return frame != null && frame.isLoading(this, localKey);
    }

    /** A put or an invalidation says that the key's situation has changed: its last failure says nothing any more. */
    public void forgetFailure(Object localKey) {
        failures.forget(localKey);
    }

    /** Ends all waiting for permits. Loads that run go on. */
    public void close() {
        closed = true;
        permits.close();
    }

    // Throwable: whatever a loader throws must reach those who wait for it, or they wait for ever.
    private LoadOutcome<V> run(K key, Object localKey, CacheLoader<? super K, ? extends V> loader, LoadFrame frame) {
        if (closed) {
            return new Closed<>();
        }
        long startNanos = time.nanos();
        try {
            V value = frame.call(() -> loader.load(key));
            long tookNanos = time.nanos() - startNanos;
            failures.forget(localKey);
            events.loaded(key, tookNanos);
            return new Loaded<>(value, tookNanos);
        } catch (Throwable cause) {
            boolean interrupted = cause instanceof InterruptedException
                    || Thread.currentThread().isInterrupted();
            if (interrupted) {
                // Its thread's, and no sign of how the database is: this load failed, the next may not.
                Thread.currentThread().interrupt();
            } else {
                failures.failed(localKey, cause);
            }
            events.loadFailed(key, cause, time.nanos() - startNanos);
            return interrupted ? new Interrupted<>(cause) : new Failed<>(cause);
        }
    }
}
