package io.levee.cache.internal.read;

import io.levee.cache.BulkLoadException;
import io.levee.cache.BulkLoader;
import io.levee.cache.CacheClosedException;
import io.levee.cache.CacheException;
import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.read.BulkFlight.Departure;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.thread.CallerThread;
import io.levee.cache.internal.transport.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * How a read of many keys goes: the stages of {@link ReadPath}, with one request to each node in place of one for each key, and then
 * each key's own plan. What must be loaded is loaded with one call of the bulk loader, or, without one, key by key.
 *
 * <p>Results are futures, one for each call and in their order; a key that fails does not fail the others.
 */
public final class BulkPath<K, V> {
    private final String cache;
    private final Calls<K, V> calls;
    private final ReadPath<K, V> readPath;
    private final NodeQuery<K, V> query;
    private final BoardingGate<K, V> gate;
    private final BulkFlight<K, V> bulkFlight;
    private final LeaseTerm term;
    private final int singlesAtOnce;

    public BulkPath(
            CacheSettings settings,
            Calls<K, V> calls,
            ReadPath<K, V> readPath,
            NodeQuery<K, V> query,
            BoardingGate<K, V> gate,
            BulkFlight<K, V> bulkFlight,
            LeaseTerm term) {
        this.cache = settings.name();
        this.calls = calls;
        this.readPath = readPath;
        this.query = query;
        this.gate = gate;
        this.bulkFlight = bulkFlight;
        this.term = term;
        // Loads on the calling thread come one after another anyway; more than the bound at once would only be turned
        // away.
        this.singlesAtOnce = settings.hardLoadTimeout().isZero() ? 1 : settings.maxConcurrentLoads();
    }

    /**
     * The values of all keys that have one, in the order of {@code keys}; fails with a {@link BulkLoadException} if some could not be
     * loaded.
     *
     * @param loader for single keys
     * @param bulkLoader null to load one by one
     * @param caller the calling thread, which waits for the result
     */
    CompletableFuture<Map<K, V>> getAll(
            Set<K> keys, CacheLoader<? super K, ? extends V> loader, BulkLoader<K, V> bulkLoader, CallerThread caller) {
        Map<K, CompletableFuture<Lookup<V>>> answers = new LinkedHashMap<>();
        List<Call<K, V>> open = new ArrayList<>();
        for (K key : keys) {
            LocalEntry<V> near = readPath.near(calls.localKey(key));
            if (near != null) {
                answers.put(key, CompletableFuture.completedFuture(readPath.lookup(near, Source.NEAR)));
                continue;
            }
            Call<K, V> call = calls.blocking(key, loader, caller);
            Lookup<V> standIn = readPath.standIn(call);
            if (standIn == null) {
                open.add(call);
            }
            answers.put(key, CompletableFuture.completedFuture(standIn));
        }
        return (bulkLoader != null
                        ? readTogether(open, bulkLoader, caller)
                        : readOneByOne(open, call -> calls.blocking(call.key(), loader, caller), caller))
                .thenCompose(results -> {
                    for (int i = 0; i < results.size(); i++) {
                        answers.put(open.get(i).key(), results.get(i));
                    }
                    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                            .handleAsync((all, failed) -> values(answers), caller);
                });
    }

    private Map<K, V> values(Map<K, CompletableFuture<Lookup<V>>> answers) {
        Map<K, V> values = new LinkedHashMap<>();
        Map<K, CacheException> failures = new LinkedHashMap<>();
        answers.forEach((key, answer) -> {
            try {
                V value = answer.join().value();
                if (value != null) {
                    values.put(key, value);
                }
            } catch (CompletionException e) {
                failures.put(key, cacheException(e));
            }
        });
        if (failures.isEmpty()) {
            return values;
        }
        CacheException first = failures.values().iterator().next();
        if (first instanceof CacheClosedException) {
            throw first;
        }
        throw new BulkLoadException(
                "cache \"" + cache + "\" could not load " + failures.size() + " of " + answers.size()
                        + " keys, the first of them "
                        + failures.keySet().iterator().next() + ": " + first.getMessage(),
                values,
                failures);
    }

    private static CacheException cacheException(CompletionException e) {
        if (e.getCause() instanceof CacheException failure) {
            return failure;
        }
        // A misuse, or a bug, that is not about this key.
        throw e;
    }

    /** Reads all, and loads what is missing with one call of {@code bulkLoader}. */
    private CompletableFuture<List<CompletableFuture<Lookup<V>>>> readTogether(
            List<Call<K, V>> calls, BulkLoader<K, V> bulkLoader, Executor steps) {
        return query.askAll(calls, term.seconds(), readPath.recacheSeconds())
                .thenApplyAsync(replies -> readAndFly(calls, replies, bulkLoader), steps);
    }

    private List<CompletableFuture<Lookup<V>>> readAndFly(
            List<Call<K, V>> calls, List<Reply> replies, BulkLoader<K, V> bulkLoader) {
        List<CompletableFuture<Lookup<V>>> results = new ArrayList<>(calls.size());
        List<Departure<K, V>> departures = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            results.add(begin(calls.get(i), replies.get(i), departures));
        }
        if (!departures.isEmpty()) {
            bulkFlight.fly(departures, bulkLoader);
        }
        return results;
    }

    private CompletableFuture<Lookup<V>> begin(Call<K, V> call, Reply reply, List<Departure<K, V>> departures) {
        try {
            Plan<V> plan = readPath.plan(call, reply);
            if (!(plan instanceof Load<V> load)) {
                return readPath.carryOut(call, plan);
            }
            readPath.refuseOwnKey(call, load);
            return readPath.await(
                    call,
                    load,
                    gate.board(
                            call,
                            load,
                            (its, hold, turn, waitNanos, flight) ->
                                    departures.add(new Departure<>(its, hold, turn, flight))));
        } catch (RuntimeException | Error e) {
            // Whatever it is, it is this key's: the flights that others have boarded must still depart, or never land.
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Reads all, and what is missing once more, each by itself: then it is asked for with a lease that is not held while other keys
     * are loaded.
     *
     * @param again makes a new call of one that is to be made by itself
     */
    private CompletableFuture<List<CompletableFuture<Lookup<V>>>> readOneByOne(
            List<Call<K, V>> calls, UnaryOperator<Call<K, V>> again, CallerThread steps) {
        return query.askAll(calls, 0, 0)
                .thenApplyAsync(
                        replies -> {
                            List<CompletableFuture<Lookup<V>>> results =
                                    new ArrayList<>(Collections.nCopies(calls.size(), null));
                            Singles singles = new Singles(calls, results, again, steps);
                            for (int i = 0; i < calls.size(); i++) {
                                Plan<V> plan = readPath.plan(calls.get(i), replies.get(i));
                                if (plan instanceof Load<V>) {
                                    results.set(i, new CompletableFuture<>());
                                    singles.places.add(i);
                                } else {
                                    results.set(i, readPath.carryOut(calls.get(i), plan));
                                }
                            }
                            singles.begin();
                            return results;
                        },
                        steps);
    }

    /** Reads some of the calls, a few at a time, the next when one has ended. */
    private final class Singles {
        private final List<Call<K, V>> calls;
        private final List<CompletableFuture<Lookup<V>>> results;
        private final UnaryOperator<Call<K, V>> again;
        private final CallerThread steps;
        private final List<Integer> places = new ArrayList<>();
        private final AtomicInteger next = new AtomicInteger();

        Singles(
                List<Call<K, V>> calls,
                List<CompletableFuture<Lookup<V>>> results,
                UnaryOperator<Call<K, V>> again,
                CallerThread steps) {
            this.calls = calls;
            this.results = results;
            this.again = again;
            this.steps = steps;
        }

        void begin() {
            for (int i = 0; i < singlesAtOnce; i++) {
                steps.execute(this::readNext);
            }
        }

        private void readNext() {
            int i = next.getAndIncrement();
            if (i >= places.size() || steps.isLeaving()) {
                // Who was interrupted waits for none of the rest, and nobody else has heard of it.
                return;
            }
            CompletableFuture<Lookup<V>> result = results.get(places.get(i));
            Future<?> unused = read(calls.get(places.get(i)))
                    .whenCompleteAsync(
                            (lookup, failure) -> {
                                if (failure == null) {
                                    result.complete(lookup);
                                } else {
                                    result.completeExceptionally(failure);
                                }
                                readNext();
                            },
                            steps);
        }

        private CompletableFuture<Lookup<V>> read(Call<K, V> call) {
            try {
                return readPath.read(again.apply(call));
            } catch (RuntimeException | Error e) {
                // Whatever it is, it is this key's: the others are still to be read.
                return CompletableFuture.failedFuture(e);
            }
        }
    }
}
