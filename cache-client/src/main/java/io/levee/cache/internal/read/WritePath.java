package io.levee.cache.internal.read;

import io.levee.cache.CacheException;
import io.levee.cache.CacheWriter;
import io.levee.cache.WriteException;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.write.WriteBack;
import io.levee.cache.internal.write.WriteBack.Hold;
import io.levee.cache.internal.write.WriteBack.Target;
import io.levee.cache.internal.write.WriteThrough;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * How a write goes. Without a {@link CacheWriter}: to memcached and to this process, as the caller says. With one:
 *
 * <ol>
 *   <li>{@link #reserve}: the key's version is looked up on its node.
 *   <li>{@link #writeToDatabase}: the writer runs, on the calling thread, under no lock and no lease. If it fails, that is all.
 *   <li>Loads under way, which may have read what was there before, are left to those who wait for them.
 *   <li>{@link WriteThrough#put}: the value is stored where nothing has happened to the key meanwhile, or the key is removed. Nothing is
 *       thrown any more: the database has the value.
 * </ol>
 */
public final class WritePath<K, V> {
    private static final int REMOVALS_AT_ONCE = 500;

    private final String cache;
    private final CacheWriter<? super K, ? super V> writer;
    private final Calls<K, V> calls;
    private final WriteBack<V> writeBack;
    private final WriteThrough<V> writeThrough;
    private final SingleFlight<Landing<V>> flights;
    private final GuardedLoader<K, V> loader;
    private final CallingThread callers;

    /** @param writer null if callers write to the database themselves */
    public WritePath(
            String cache,
            CacheWriter<? super K, ? super V> writer,
            Calls<K, V> calls,
            WriteBack<V> writeBack,
            WriteThrough<V> writeThrough,
            SingleFlight<Landing<V>> flights,
            GuardedLoader<K, V> loader,
            CallingThread callers) {
        this.cache = cache;
        this.writer = writer;
        this.calls = calls;
        this.writeBack = writeBack;
        this.writeThrough = writeThrough;
        this.flights = flights;
        this.loader = loader;
        this.callers = callers;
    }

    void put(K key, V value) {
        if (writer == null) {
            callers.await(
                    key, caller -> write(calls.ofWrite(key), caller, (now, where) -> writeBack.put(now, value, where)));
            return;
        }
        Call<K, V> call = calls.ofWrite(key);
        Target reserved = call.target(reserve(call));
        try {
            writeToDatabase(key, "write", () -> writer.write(key, value));
        } catch (WriteException e) {
            writeThrough.letGo(reserved);
            throw e;
        }
        callers.finish(caller ->
                write(calls.again(call), caller, (now, where) -> writeThrough.put(reserved, now, value, where)));
    }

    void remove(K key) {
        if (writer == null) {
            invalidate(key);
            return;
        }
        Call<K, V> call = calls.ofWrite(key);
        writeToDatabase(key, "delete", () -> writer.delete(key));
        callers.finish(caller -> write(calls.again(call), caller, writeBack::remove));
    }

    void invalidate(K key) {
        callers.await(key, caller -> write(calls.ofWrite(key), caller, writeBack::remove));
    }

    void invalidateAll(List<K> keys) {
        callers.await("of invalidateAll()", caller -> removeFrom(0, keys, caller));
    }

    /** Some at a time: all at once can be more than a connection carries in time, and a well node would be taken for dead. */
    private CompletableFuture<Void> removeFrom(int first, List<K> keys, Executor caller) {
        int end = Math.min(keys.size(), first + REMOVALS_AT_ONCE);
        CompletableFuture<Void> removed = CompletableFuture.allOf(keys.subList(first, end).stream()
                .map(key -> write(calls.ofWrite(key), caller, writeBack::remove))
                .toArray(CompletableFuture[]::new));
        return end == keys.size() ? removed : removed.thenComposeAsync(all -> removeFrom(end, keys, caller), caller);
    }

    private interface Write {
        CompletableFuture<Void> to(Target now, Executor caller);
    }

    /** A load under way must not overwrite what the caller says now, and its failure says nothing about it. */
    private CompletableFuture<Void> write(Call<K, V> call, Executor caller, Write write) {
        flights.supersede(call.localKey());
        loader.forgetFailure(call.localKey());
        return write.to(call.target(Hold.NONE), caller);
    }

    private Hold reserve(Call<K, V> call) {
        Target target = call.target(Hold.NONE);
        CompletableFuture<Hold> reserved = writeThrough.reserve(target);
        try {
            return callers.await(call.key() + ", and has not written it", caller -> reserved);
        } catch (CacheException interrupted) {
            Future<?> unused = reserved.thenAccept(late -> writeThrough.letGo(call.target(late)));
            throw interrupted;
        }
    }

    private interface DatabaseWrite {
        void run() throws Exception;
    }

    // Throwable: whatever a writer throws, as whatever a loader throws, is told as the cache's exception.
    private void writeToDatabase(K key, String what, DatabaseWrite write) {
        try {
            write.run();
        } catch (Throwable cause) {
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new WriteException(
                    "cache \"" + cache + "\" could not " + what + " key " + key
                            + " in the database, and has changed nothing: " + cause,
                    cause);
        }
    }
}
