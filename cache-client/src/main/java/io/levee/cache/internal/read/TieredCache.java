package io.levee.cache.internal.read;

import static java.util.Objects.requireNonNull;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheClosedException;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.CacheStats;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.generation.Generations;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome;
import io.levee.cache.internal.local.KeysRead;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/** One cache: takes calls, sends reads down the {@link ReadPath} and writes down the {@link WritePath}, and hands back results. */
public final class TieredCache<K, V> implements ReadThroughCache<K, V> {
    private final CacheSettings settings;
    private final String name;
    private final Entrance<K, V> entrance;
    private final BulkLoader<K, V> bulkLoader;
    private final KeysRead<K> keysRead;
    private final Calls<K, V> calls;
    private final ReadPath<K, V> readPath;
    private final BulkPath<K, V> bulkPath;
    private final WritePath<K, V> writePath;
    private final Shelf<V> shelf;
    private final SingleFlight<Landing<V>> flights;
    private final Generations generations;
    private final GuardedLoader<K, V> loader;
    private final Explanation<K, V> explanation;
    private final CacheEvents events;
    private final CallingThread callers;
    private final UnawaitedCalls unawaited = new UnawaitedCalls();

    /**
     * A cache over the rooms that were wired for it.
     *
     * @param defaultLoader null if every call brings its own
     * @param bulkLoader null if many keys are loaded one by one
     * @param keysRead is told of each key that is read; null if nobody wants to know
     */
    public TieredCache(
            CacheSettings settings,
            CacheLoader<? super K, ? extends V> defaultLoader,
            BulkLoader<K, V> bulkLoader,
            KeysRead<K> keysRead,
            Calls<K, V> calls,
            ReadPath<K, V> readPath,
            BulkPath<K, V> bulkPath,
            WritePath<K, V> writePath,
            Shelf<V> shelf,
            SingleFlight<Landing<V>> flights,
            Generations generations,
            GuardedLoader<K, V> loader,
            Explanation<K, V> explanation,
            CacheEvents events,
            CallingThread callers) {
        this.settings = settings;
        this.name = settings.name();
        this.entrance = new Entrance<>(name, defaultLoader);
        this.bulkLoader = bulkLoader;
        this.keysRead = keysRead;
        this.calls = calls;
        this.readPath = readPath;
        this.bulkPath = bulkPath;
        this.writePath = writePath;
        this.shelf = shelf;
        this.flights = flights;
        this.generations = generations;
        this.loader = loader;
        this.explanation = explanation;
        this.events = events;
        this.callers = callers;
    }

    @Override
    public V get(K key) {
        entrance.check(key);
        return valueOf(key, entrance.loader());
    }

    @Override
    public V get(K key, CacheLoader<? super K, ? extends V> loader) {
        entrance.check(key);
        return valueOf(key, requireNonNull(loader, "loader"));
    }

    @Override
    public Lookup<V> lookup(K key) {
        entrance.check(key);
        LocalEntry<V> near = nearForReader(key);
        return near != null ? readPath.lookup(near, Source.NEAR) : read(key, entrance.loader());
    }

    @Override
    public CompletableFuture<V> getAsync(K key) {
        entrance.checkNotNull(key);
        return entrance.isClosed()
                ? CompletableFuture.failedFuture(entrance.closedException())
                : readAsync(key, entrance.loader());
    }

    @Override
    public CompletableFuture<V> getAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        entrance.checkNotNull(key);
        requireNonNull(loader, "loader");
        return entrance.isClosed()
                ? CompletableFuture.failedFuture(entrance.closedException())
                : readAsync(key, loader);
    }

    private CompletableFuture<V> readAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        LocalEntry<V> near = nearForReader(key);
        if (near != null) {
            return CompletableFuture.completedFuture(near.value());
        }
        Call<K, V> call = calls.async(key, loader);
        Lookup<V> standIn = readPath.standIn(call);
        if (standIn != null) {
            return CompletableFuture.completedFuture(standIn.value());
        }
        return promise(
                unawaited.admit() ? readPath.read(call).whenComplete(unawaited::leave) : readPath.turnAway(call));
    }

    @Override
    public Optional<V> peek(K key) {
        return peekLookup(key).map(Lookup::value);
    }

    @Override
    public Optional<Lookup<V>> peekLookup(K key) {
        entrance.check(key);
        LocalEntry<V> near = readPath.near(calls.localKey(key));
        if (near != null) {
            return Optional.of(readPath.lookup(near, Source.NEAR));
        }
        return Optional.ofNullable(callers.await(key, caller -> readPath.peek(calls.blocking(key, null, caller))));
    }

    @Override
    public CompletableFuture<Optional<Lookup<V>>> peekLookupAsync(K key) {
        entrance.checkNotNull(key);
        if (entrance.isClosed()) {
            return CompletableFuture.failedFuture(entrance.closedException());
        }
        LocalEntry<V> near = readPath.near(calls.localKey(key));
        if (near != null) {
            return CompletableFuture.completedFuture(Optional.of(readPath.lookup(near, Source.NEAR)));
        }
        Call<K, V> call = calls.async(key, null);
        return unawaited.admit()
                ? readPath.peek(call).whenComplete(unawaited::leave).thenApply(Optional::ofNullable)
                : CompletableFuture.completedFuture(Optional.ofNullable(readPath.held(call)));
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        Set<K> each = entrance.distinct(keys);
        entrance.refuseIfClosed();
        return getAll(each, entrance.loader(), bulkLoader);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys, BulkLoader<K, V> loader) {
        Set<K> each = entrance.distinct(keys);
        requireNonNull(loader, "loader");
        entrance.refuseIfClosed();
        return getAll(each, loader.single(), loader);
    }

    private Map<K, V> getAll(Set<K> each, CacheLoader<? super K, ? extends V> single, BulkLoader<K, V> bulk) {
        if (keysRead != null) {
            each.forEach(key -> keysRead.read(calls.localKey(key), key));
        }
        return callers.await("of getAll()", caller -> bulkPath.getAll(each, single, bulk, caller));
    }

    @Override
    public void invalidateAll(Collection<? extends K> keys) {
        List<K> each = List.copyOf(entrance.distinct(keys));
        entrance.refuseIfClosed();
        writePath.invalidateAll(each);
    }

    @Override
    public void clear() {
        entrance.refuseIfClosed();
        callers.await("of clear()", caller -> generations.raise(name));
    }

    @Override
    public CompletableFuture<V> refresh(K key) {
        entrance.checkNotNull(key);
        if (entrance.isClosed()) {
            return CompletableFuture.failedFuture(entrance.closedException());
        }
        CacheLoader<? super K, ? extends V> loader = entrance.loader();
        Call<K, V> call = calls.async(key, loader);
        return unawaited.admit()
                ? promise(readPath.refresh(call).whenComplete(unawaited::leave))
                : CompletableFuture.failedFuture(readPath.oneTooMany(call));
    }

    @Override
    public void put(K key, V value) {
        entrance.checkValue(value);
        entrance.check(key);
        writePath.put(key, value);
    }

    @Override
    public void remove(K key) {
        entrance.check(key);
        writePath.remove(key);
    }

    @Override
    public void invalidate(K key) {
        entrance.check(key);
        writePath.invalidate(key);
    }

    @Override
    public String explain(K key) {
        entrance.check(key);
        return callers.await(key, caller -> explanation.of(calls.blocking(key, null, caller)));
    }

    @Override
    public CacheSettings settings() {
        return settings;
    }

    @Override
    public CacheStats stats() {
        return events.snapshot(shelf.evictions(), shelf.size());
    }

    @Override
    public String name() {
        return name;
    }

    /** Ends every wait with a {@link CacheClosedException}. Does not block. */
    public void close() {
        entrance.close();
        loader.close();
        flights.close(new Landing.Broke<>(new LoadOutcome.Closed<>()));
    }

    private V valueOf(K key, CacheLoader<? super K, ? extends V> loader) {
        LocalEntry<V> near = nearForReader(key);
        return near != null ? near.value() : read(key, loader).value();
    }

    private LocalEntry<V> nearForReader(K key) {
        Object localKey = calls.localKey(key);
        if (keysRead != null) {
            keysRead.read(localKey, key);
        }
        return readPath.near(localKey);
    }

    private Lookup<V> read(K key, CacheLoader<? super K, ? extends V> loader) {
        return callers.await(key, caller -> {
            Call<K, V> call = calls.blocking(key, loader, caller);
            Lookup<V> standIn = readPath.standIn(call);
            return standIn != null ? CompletableFuture.completedFuture(standIn) : readPath.read(call);
        });
    }

    /** A future of the caller's own: to complete or to cancel it changes nothing here. */
    private CompletableFuture<V> promise(CompletableFuture<Lookup<V>> flow) {
        CompletableFuture<V> promise = new CompletableFuture<>();
        Future<?> unused = flow.whenComplete((lookup, failure) -> {
            if (failure == null) {
                promise.complete(lookup.value());
            } else {
                promise.completeExceptionally(failure instanceof CompletionException e ? e.getCause() : failure);
            }
        });
        return promise;
    }
}
