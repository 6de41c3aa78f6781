package io.levee.examples.consistency.worker;

import io.levee.cache.CacheException;
import io.levee.cache.Lookup;
import io.levee.cache.ReadThroughCache;
import io.levee.examples.consistency.database.VersionClient;
import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.HistoryFile;
import io.levee.examples.consistency.history.Value;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A cache whose every call is written down. Calls block as the cache's do. Thread-safe. */
final class Journaled {
    private static final long UNKNOWN_AGE = -1;

    private final ReadThroughCache<String, String> cache;
    private final String process;
    private final VersionClient database;
    private final HistoryFile history;
    private final AtomicLong calls;

    Journaled(
            ReadThroughCache<String, String> cache,
            String process,
            VersionClient database,
            HistoryFile history,
            AtomicLong calls) {
        this.cache = cache;
        this.process = process;
        this.database = database;
        this.history = history;
        this.calls = calls;
    }

    void get(String key) {
        read(key, "get", () -> cache.get(key));
    }

    void peek(String key) {
        read(key, "peek", () -> cache.peek(key).orElse(null));
    }

    void refresh(String key) {
        read(key, "refresh", () -> cache.refresh(key).join());
    }

    void lookup(String key) {
        long start = System.nanoTime();
        try {
            Lookup<String> found = cache.lookup(key);
            add(
                    key,
                    "lookup",
                    start,
                    found.value(),
                    found.source().toString(),
                    found.age().toNanos());
        } catch (RuntimeException e) {
            fail(key, "lookup", start, e);
        }
    }

    /** Does not wait for the value. */
    void getAsync(String key) {
        long start = System.nanoTime();
        Future<?> unused = cache.getAsync(key).whenComplete((value, failure) -> {
            if (failure == null) {
                add(key, "getAsync", start, value, "", UNKNOWN_AGE);
            } else {
                fail(key, "getAsync", start, failure);
            }
        });
    }

    void getAll(Collection<String> keys) {
        long start = System.nanoTime();
        try {
            Map<String, String> values = cache.getAll(keys);
            keys.forEach(key -> add(key, "getAll", start, values.get(key), "", UNKNOWN_AGE));
        } catch (RuntimeException e) {
            keys.forEach(key -> fail(key, "getAll", start, e));
        }
    }

    /** A write step that puts the new version. Does nothing if somebody else is writing the key. */
    void put(String key) throws IOException {
        write(key, "put", version -> cache.put(key, new Value(item(key), version, process).toString()));
    }

    /** A write step that invalidates the key. Does nothing if somebody else is writing it. */
    void invalidate(String key) throws IOException {
        write(key, "invalidate", version -> cache.invalidate(key));
    }

    /** Writes new versions of some keys, of which no cache hears, and clears the cache. */
    void clear(Collection<String> keys) throws IOException {
        for (String key : keys) {
            database.write(item(key), version -> {});
        }
        long start = System.nanoTime();
        cache.clear();
        history.add(new Clear(cache.name(), start, System.nanoTime()));
        calls.incrementAndGet();
    }

    private void write(String key, String call, VersionClient.Step step) throws IOException {
        database.write(item(key), version -> {
            long start = System.nanoTime();
            step.with(version);
            history.add(new Write(item(key), call, start, System.nanoTime(), version));
            calls.incrementAndGet();
        });
    }

    private void read(String key, String call, Supplier<String> read) {
        long start = System.nanoTime();
        try {
            add(key, call, start, read.get(), "", UNKNOWN_AGE);
        } catch (RuntimeException e) {
            fail(key, call, start, e);
        }
    }

    private void add(String key, String call, long start, String text, String source, long ageNanos) {
        long end = System.nanoTime();
        String error = "";
        long version = 0;
        if (text != null) {
            Value value = Value.parse(text);
            version = value.version();
            error = value.item().equals(item(key)) ? "" : "!the value of another key: " + text;
        }
        history.add(new Read(item(key), call, start, end, version, source, ageNanos, error));
        calls.incrementAndGet();
    }

    /** What no caller may ever see is marked with an exclamation mark. */
    private void fail(String key, String call, long start, Throwable thrown) {
        long end = System.nanoTime();
        Throwable failure = thrown instanceof CompletionException e ? e.getCause() : thrown;
        String error = (failure instanceof CacheException ? "" : "!") + failure;
        history.add(new Read(item(key), call, start, end, 0, "", UNKNOWN_AGE, error));
        calls.incrementAndGet();
    }

    private String item(String key) {
        return cache.name() + "/" + key;
    }
}
