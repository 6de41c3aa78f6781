package io.levee.cache.spring.cache;

import io.levee.cache.LoadException;
import io.levee.cache.LoadRejectedException;
import io.levee.cache.LoadTimeoutException;
import io.levee.cache.Lookup;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.CodecException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NullValue;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One of Levee's caches as Spring's cache abstraction sees it.
 *
 * <p>{@link #get(Object)} never answers with a stale value, because Spring would not load it anew; what is given a loader, {@link
 * #get(Object, Callable)} and {@link #retrieve(Object, Supplier)}, has all of Levee's protection. On a cache that loads by itself {@link
 * #get(Object)} has it too.
 *
 * <p>No fault of memcached is ever thrown.
 */
final class LeveeCache implements Cache {
    private static final Logger LOG = LoggerFactory.getLogger(LeveeCache.class);

    private final ReadThroughCache<Object, Object> cache;
    private final Traits traits;
    private final CallerThreads threads;
    private final AtomicBoolean unfit = new AtomicBoolean();

    /**
     * What kind of cache it is.
     *
     * @param keys turns a key of Spring's into one of the cache's
     * @param loads whether the cache has a loader of its own
     * @param writes whether a put may write to the database
     * @param declaredTypes whether its values are of the types that methods return
     * @param storesNulls whether nulls are kept as values, by {@link NullValue}; else as absences, if the cache remembers them
     */
    record Traits(
            Function<Object, Object> keys, boolean loads, boolean writes, boolean declaredTypes, boolean storesNulls) {}

    LeveeCache(ReadThroughCache<Object, Object> cache, Traits traits, CallerThreads threads) {
        this.cache = cache;
        this.traits = traits;
        this.threads = threads;
    }

    boolean livesByDeclaredTypes() {
        return traits.declaredTypes();
    }

    @Override
    public String getName() {
        return cache.name();
    }

    @Override
    public Object getNativeCache() {
        return cache;
    }

    @Override
    public ValueWrapper get(Object key) {
        Object own = traits.keys().apply(key);
        return traits.loads() ? wrapper(cache.lookup(own)) : fresh(cache.peekLookup(own));
    }

    @Override
    @SuppressWarnings("unchecked") // checked, if there is a type to check
    public <T> T get(Object key, Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException("cache \"" + getName() + "\" has a value of type "
                    + value.getClass().getName() + " where a " + type.getName() + " is asked for");
        }
        return (T) value;
    }

    @Override
    @SuppressWarnings("unchecked") // what the loader brings, now or before, is the caller's to know
    public <T> T get(Object key, Callable<T> valueLoader) {
        try {
            return (T) fromStore(cache.get(traits.keys().apply(key), unused -> toStore(valueLoader.call())));
        } catch (LoadException e) {
            throw new ValueRetrievalException(key, valueLoader, e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        Object own = traits.keys().apply(key);
        return traits.loads()
                ? promise(cache.getAsync(own), value -> new SimpleValueWrapper(fromStore(value)))
                : promise(cache.peekLookupAsync(own), this::fresh);
    }

    @Override
    @SuppressWarnings("unchecked") // as in get
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return promise(cache.getAsync(traits.keys().apply(key), unused -> toStore(await(valueLoader.get()))), value ->
                (T) fromStore(value));
    }

    @Override
    public void put(Object key, Object value) {
        Object own = traits.keys().apply(key);
        threads.write(() -> store(own, value));
    }

    @Override
    public ValueWrapper putIfAbsent(Object key, Object value) {
        Object own = traits.keys().apply(key);
        AtomicBoolean stored = new AtomicBoolean();
        try {
            Object there = cache.get(own, unused -> {
                stored.set(true);
                return toStore(value);
            });
            return stored.get() ? null : new SimpleValueWrapper(fromStore(there));
        } catch (LoadRejectedException | LoadTimeoutException e) {
            // There are too many loads for it to be one of them.
            return Cache.super.putIfAbsent(key, value);
        }
    }

    @Override
    public void evict(Object key) {
        Object own = traits.keys().apply(key);
        threads.write(() -> cache.invalidate(own));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        Object own = traits.keys().apply(key);
        boolean present = fresh(cache.peekLookup(own)) != null;
        cache.invalidate(own);
        return present;
    }

    @Override
    public void clear() {
        threads.write(cache::clear);
    }

    @Override
    public boolean invalidate() {
        cache.clear();
        // Which values there were, only the nodes know.
        return false;
    }

    private void store(Object own, Object value) {
        Object stored = toStore(value);
        if (stored == null || traits.writes()) {
            bring(own, stored);
            return;
        }
        try {
            cache.put(own, stored);
        } catch (CodecException e) {
            // The method has returned well, so its caller gets what it returned; what was there before is no longer
            // true.
            cache.invalidate(own);
            if (unfit.compareAndSet(false, true)) {
                LOG.warn("cache {}: values are not cached: {}. Further ones are not logged", getName(), e.getMessage());
            }
        }
    }

    /** Stores without a put, which knows no null, and would have the cache's writer write what the method has written. */
    private void bring(Object own, Object stored) {
        cache.invalidate(own);
        if (stored == null && cache.settings().cacheAbsent().isZero()) {
            return;
        }
        try {
            Object unused = cache.get(own, key -> stored);
        } catch (LoadException | LoadRejectedException | LoadTimeoutException e) {
            // Who reads the key next loads it. That other loads fail or are too many is theirs to tell.
        }
    }

    /** What Spring may take for a hit: Spring does not refresh what is stale. */
    private ValueWrapper fresh(Optional<Lookup<Object>> found) {
        return found.filter(lookup -> lookup.source() != Lookup.Source.STALE)
                .map(this::wrapper)
                .orElse(null);
    }

    private ValueWrapper wrapper(Lookup<Object> found) {
        return new SimpleValueWrapper(fromStore(found.value()));
    }

    private Object toStore(Object value) {
        return value == null && traits.storesNulls() ? NullValue.INSTANCE : value;
    }

    private static Object fromStore(Object stored) {
        return stored == NullValue.INSTANCE ? null : stored;
    }

    /** A future whose dependents may block, and whose failure is the loader's own. */
    private <S, T> CompletableFuture<T> promise(CompletableFuture<S> answer, Function<S, T> result) {
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            return CompletableFuture.completedFuture(result.apply(answer.join()));
        }
        CompletableFuture<T> promise = new CompletableFuture<>();
        Future<?> unused = answer.whenCompleteAsync(
                        (value, failure) -> {
                            if (failure == null) {
                                promise.complete(result.apply(value));
                            } else {
                                promise.completeExceptionally(loadersOwn(failure));
                            }
                        },
                        threads.answers())
                // If the step broke, or the threads are gone.
                .whenComplete((value, failure) -> {
                    if (failure != null) {
                        promise.completeExceptionally(loadersOwn(failure));
                    }
                });
        return promise;
    }

    private static Throwable loadersOwn(Throwable failure) {
        Throwable own =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return own instanceof LoadException && own.getCause() != null ? own.getCause() : own;
    }

    /** On a loader's thread, which is the load's until it ends. */
    private static <T> T await(CompletableFuture<T> loading) throws Exception {
        try {
            return loading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
