package io.levee.cache.internal.load;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheLoader;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.load.LoadOutcome.Closed;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Interrupted;
import io.levee.cache.internal.load.LoadOutcome.Loaded;
import io.levee.cache.internal.load.LoadOutcome.Rejected;
import io.levee.cache.internal.thread.LoaderThreads;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the loads of one cache: never more at once than the bound, never the same failing key again at once, never twice for
 * one call. Its futures complete normally, with a {@link LoadOutcome}.
 */
public final class GuardedLoader<K, V> {
    private final LoadPermits permits;
    private final Admission admission;
    private final FailureMemory failures;
    private final CacheEvents events;
    private final TimeSource time;
    private volatile boolean closed;

    public GuardedLoader(String cache, int bound, Timer timer, CacheEvents events, TimeSource time) {
        this.permits = new LoadPermits(cache, bound, timer);
        this.admission = new Admission(this, permits, timer);
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
            LoaderThreads where) {
        Throwable recent = failures.recent(localKey);
        return recent != null && !closed
                ? CompletableFuture.completedFuture(new Failed<>(recent))
                : guarded(new Job<>(
                        key, Set.of(localKey), () -> loader.load(key), outer, awaited, waitNanos, where, time.nanos()));
    }

    /**
     * Loads many values with one call of the loader, under one permit, on the same terms as {@link #load}. Keys whose load failed
     * lately are the caller's to leave out.
     *
     * @param localKeys the same keys, as they are told from others
     */
    public CompletableFuture<LoadOutcome<Map<K, V>>> loadAll(
            Collection<K> keys,
            Set<?> localKeys,
            BulkLoader<K, V> loader,
            LoadFrame outer,
            boolean awaited,
            long waitNanos,
            LoaderThreads where) {
        Callable<Map<K, V>> load = () -> {
            Map<? extends K, ? extends V> loaded = loader.loadAll(keys);
            if (loaded == null) {
                throw new NullPointerException("the bulk loader returned null instead of a map");
            }
            // Read here, within the load: a map that throws is a load that failed, and what becomes of it later does
            // not matter.
            Map<K, V> values = new HashMap<>();
            for (K key : keys) {
                values.put(key, loaded.get(key));
            }
            return values;
        };
        return guarded(new Job<>(described(keys), localKeys, load, outer, awaited, waitNanos, where, time.nanos()));
    }

    private static Object described(Collection<?> keys) {
        Object first = keys.iterator().next();
        return keys.size() == 1 ? first : first + " and " + (keys.size() - 1) + " more";
    }

    private <T> CompletableFuture<LoadOutcome<T>> guarded(Job<T> job) {
        if (closed) {
            return CompletableFuture.completedFuture(new Closed<>());
        }
        return admission
                .admit(job.outer(), job.awaited(), job.localKeys(), job.waitNanos())
                .thenCompose(grant -> grant != null
                        ? start(job, grant)
                        : CompletableFuture.completedFuture(refused(job.key(), job.askedAtNanos())));
    }

    /**
     * A load that is asked for.
     *
     * @param key what to call it in events
     * @param localKeys what it loads
     * @param askedAtNanos when
     */
    private record Job<T>(
            Object key,
            Set<?> localKeys,
            Callable<? extends T> load,
            LoadFrame outer,
            boolean awaited,
            long waitNanos,
            LoaderThreads where,
            long askedAtNanos) {}

    private <T> CompletableFuture<LoadOutcome<T>> start(Job<T> job, Grant grant) {
        LoadFrame frame = new LoadFrame(this, job.localKeys(), job.outer(), job.awaited(), grant.permit());
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return run(job, frame);
                        } finally {
                            grant.end();
                        }
                    },
                    job.where());
        } catch (RuntimeException | Error e) {
            // No thread was to be had: nobody else would give the permit back.
            grant.end();
            throw e;
        }
    }

    /**
     * For loads that nobody waits for: completes when one could begin at once and would keep no other from it, or at {@link #close}.
     * Whoever was told and does not load {@linkplain #passRoomOn passes that on}.
     */
    public CompletableFuture<Void> room() {
        return permits.room();
    }

    public void passRoomOn() {
        permits.passRoomOn();
    }

    /** For a call that is one too many even to wait. */
    public LoadOutcome<V> turnAway(K key) {
        return refused(key, time.nanos());
    }

    private <T> LoadOutcome<T> refused(Object key, long askedAtNanos) {
        if (closed) {
            return new Closed<>();
        }
        events.loadRejected(key, permits.running());
        return new Rejected<>(permits.bound(), time.nanos() - askedAtNanos);
    }

    /** Why the key's last load failed, if that is so recent that it is not tried again yet; else null. */
    public Throwable recentFailure(Object localKey) {
        return failures.recent(localKey);
    }

    /** Whether {@code frame} is inside a load of this key, so that waiting for that load would be waiting for oneself. */
    public boolean isLoading(Object localKey, LoadFrame frame) {
        return frame != null && frame.isLoading(this, localKey);
    }

    /**
     * Told of a call that waits for another's load of the key.
     *
     * @param outer the load that the call was made from, or null
     * @param landing completes when the call ceases to wait
     */
    public void joined(Object localKey, LoadFrame outer, CompletableFuture<?> landing) {
        admission.joined(localKey, outer, landing);
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
    private <T> LoadOutcome<T> run(Job<T> job, LoadFrame frame) {
        if (closed) {
            return new Closed<>();
        }
        long startNanos = time.nanos();
        try {
            T value = frame.call(() -> job.where().call(job.load()));
            long tookNanos = time.nanos() - startNanos;
            job.localKeys().forEach(failures::forget);
            events.loaded(job.key(), tookNanos);
            return new Loaded<>(value, tookNanos);
        } catch (Throwable cause) {
            boolean interrupted = cause instanceof InterruptedException
                    || Thread.currentThread().isInterrupted();
            if (interrupted) {
                // Its thread's, and no sign of how the database is: this load failed, the next may not.
                Thread.currentThread().interrupt();
            } else {
                job.localKeys().forEach(key -> failures.failed(key, cause));
            }
            events.loadFailed(job.key(), cause, time.nanos() - startNanos);
            return interrupted ? new Interrupted<>(cause) : new Failed<>(cause);
        }
    }
}
