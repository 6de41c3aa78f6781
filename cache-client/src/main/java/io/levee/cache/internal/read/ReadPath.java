package io.levee.cache.internal.read;

import io.levee.cache.CacheException;
import io.levee.cache.CacheSettings;
import io.levee.cache.Lookup;
import io.levee.cache.Lookup.Source;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.LeaseWatch;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome.Interrupted;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.read.Landing.Broke;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Landing.Elsewhere;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.read.Plan.Serve;
import io.levee.cache.internal.read.Plan.ServeAndRefresh;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a read goes. Read this file first, top to bottom.
 *
 * <ol>
 *   <li>{@link #near}: this process answers, if it asked memcached a moment ago.
 *   <li>{@link #read}: the ring's node for the key is asked. A dead one says so at once.
 *   <li>{@link AnswerReader}: its answer is decoded. No answer is never taken for a miss.
 *   <li>{@link Plan}: what to do is decided, and {@link #carryOut done}: a fresh value, or a stand-in for a dead node, is served.
 *   <li>{@link #load}, {@link BoardingGate}: else one caller per key leads a flight, and the others wait for it.
 *   <li>{@link LoadPath#fly}: one process of the fleet loads; the others wait for its value.
 *   <li>The loader runs, once, under the bound.
 *   <li>The value is written back, and the flight lands.
 *   <li>{@link #conclude}: each who waited gets the value, or a stale one rather than an exception.
 * </ol>
 *
 * <p>One flow serves blocking and asynchronous callers: its steps run where {@link Call#steps} says, which for a blocking caller
 * is its own thread. No step runs on a connection's I/O thread.
 */
public final class ReadPath<K, V> {
    private final Failures failures;
    private final Shelf<V> shelf;
    private final NodeQuery<K, V> query;
    private final AnswerReader<K, V> reader;
    private final BoardingGate<K, V> gate;
    private final LoadPath<K, V> loadPath;
    private final GuardedLoader<K, V> loader;
    private final CacheEvents events;
    private final TimeSource time;

    private final Plan.Rules rules;
    private final LeaseWatch leaseWatch;
    private final boolean nearCache;
    private final LeaseTerm term;
    private final int recacheSeconds;

    public ReadPath(
            CacheSettings settings,
            Shelf<V> shelf,
            LeaseTerm term,
            LeaseWatch leaseWatch,
            NodeQuery<K, V> query,
            AnswerReader<K, V> reader,
            BoardingGate<K, V> gate,
            LoadPath<K, V> loadPath,
            GuardedLoader<K, V> loader,
            CacheEvents events,
            TimeSource time) {
        this.failures = new Failures(settings);
        this.shelf = shelf;
        this.query = query;
        this.reader = reader;
        this.gate = gate;
        this.loadPath = loadPath;
        this.loader = loader;
        this.events = events;
        this.time = time;

        Duration refresh = settings.refreshAfterWrite();
        long refreshNanos = refresh.isZero() ? Long.MAX_VALUE : refresh.toNanos();
        rules = new Plan.Rules(
                refreshNanos,
                refreshNanos,
                settings.lease().enabled(),
                // Where nothing stale may be served, all callers would wait at each end of a value.
                settings.staleFor().isZero() && settings.lease().enabled() && refresh.isZero()
                        ? () -> 1 - ThreadLocalRandom.current().nextDouble()
                        : null);
        this.leaseWatch = leaseWatch;
        nearCache = !settings.nearCache().isZero();
        this.term = term;
        recacheSeconds =
                settings.lease().enabled() ? (int) Envelope.dueWithin(settings).toSeconds() : 0;
    }

    /** With less than this left to live, an item's lease is asked for with it. */
    int recacheSeconds() {
        return reader.recacheSeconds(recacheSeconds);
    }

    /** Stage 1. The entry if it may be served without asking memcached, or null. No lock, no wait. */
    LocalEntry<V> near(Object localKey) {
        if (!nearCache) {
            return null;
        }
        LocalEntry<V> held = shelf.get(localKey);
        if (held == null || !held.isNear(time.nanos())) {
            return null;
        }
        events.served(Source.NEAR);
        return held;
    }

    /**
     * Stage 4 without asking, where it is known that the node will not have the value: it is dead, or the value is too large for it.
     * A fresh stand-in, or null. No wait.
     */
    Lookup<V> standIn(Call<K, V> call) {
        LocalEntry<V> held = shelf.get(call.localKey());
        if (held != null && (held.isOnlyHere() || !query.canAsk(call))) {
            if (Plan.of(new Unreachable<>(), held, call.startNanos(), time.nanos(), rules, never -> false)
                    instanceof Serve<V> serve) {
                return serve(serve.entry(), serve.source());
            }
        }
        return null;
    }

    /** Stages 2 to 9. */
    CompletableFuture<Lookup<V>> read(Call<K, V> call) {
        return query.ask(call, term.seconds(), recacheSeconds())
                .thenComposeAsync(reply -> carryOut(call, plan(call, reply)), call.steps());
    }

    /** As {@link #read}, but never loads: null if no tier has a value. */
    CompletableFuture<Lookup<V>> peek(Call<K, V> call) {
        return query.ask(call, 0, 0).thenApplyAsync(reply -> atHand(plan(call, reply)), call.steps());
    }

    /** For one call too many: what this process holds, or its failure. */
    CompletableFuture<Lookup<V>> turnAway(Call<K, V> call) {
        Lookup<V> held = held(call);
        return held != null
                ? CompletableFuture.completedFuture(held)
                : CompletableFuture.failedFuture(oneTooMany(call));
    }

    /** What this process holds, fresh or stale, or null. No wait. */
    Lookup<V> held(Call<K, V> call) {
        return atHand(plan(call, new Unreachable<>()));
    }

    /** Why a call that nobody waits for does not even begin. */
    CacheException oneTooMany(Call<K, V> call) {
        return failures.of(call.key(), new Broke<>(loader.turnAway(call.key())));
    }

    /** Loads whatever the tiers hold. */
    CompletableFuture<Lookup<V>> refresh(Call<K, V> call) {
        LocalEntry<V> held = shelf.get(call.localKey());
        CompletableFuture<Void> arrival = held == null ? null : held.arrival();
        // The token of what a value on its way is about to replace would be good for that value alone.
        return arrival == null ? refreshNow(call) : arrival.thenComposeAsync(arrived -> refreshNow(call), call.steps());
    }

    /** The node is asked all the same: to write back takes the token of what is there. */
    private CompletableFuture<Lookup<V>> refreshNow(Call<K, V> call) {
        // The caller asked for a load, whoever else is loading: it is always this process's turn.
        return query.ask(call, term.seconds(), 0)
                .thenComposeAsync(
                        reply -> {
                            Hold hold = loadPath.holdOf(reader.read(call, reply));
                            if (gate.isOwnKey(call)) {
                                throw gate.ownKey(call, hold);
                            }
                            return gate.boardToRefresh(call, hold, Turn.OURS)
                                    .thenComposeAsync(
                                            landing -> landing instanceof Elsewhere<V>
                                                    ? refresh(call)
                                                    : CompletableFuture.completedFuture(result(call, landing)),
                                            call.steps());
                        },
                        call.steps());
    }

    /** Stage 4. */
    Plan<V> plan(Call<K, V> call, Reply reply) {
        return plan(call, reader.read(call, reply));
    }

    private Plan<V> plan(Call<K, V> call, Answer<V> answer) {
        return Plan.of(
                answer,
                shelf.get(call.localKey()),
                call.startNanos(),
                time.nanos(),
                rules,
                token -> leaseWatch.isOverdue(call.localKey(), token));
    }

    CompletableFuture<Lookup<V>> carryOut(Call<K, V> call, Plan<V> plan) {
        if (plan instanceof Load<V> load) {
            return load(call, load);
        }
        if (plan instanceof ServeAndRefresh<V> serve) {
            gate.boardBehind(call, serve);
        }
        return CompletableFuture.completedFuture(atHand(plan));
    }

    /** What a plan can serve without a load, or null. */
    private Lookup<V> atHand(Plan<V> plan) {
        if (plan instanceof Serve<V> serve) {
            return serve(serve.entry(), serve.source());
        }
        if (plan instanceof ServeAndRefresh<V> serve) {
            return serve(serve.entry(), serve.source());
        }
        LocalEntry<V> stale = ((Load<V>) plan).stale();
        if (stale != null) {
            return serve(stale, Source.STALE);
        }
        events.missed();
        return null;
    }

    /** Stage 5. One caller leads, the others wait, or take the stale value that they have. */
    private CompletableFuture<Lookup<V>> load(Call<K, V> call, Load<V> plan) {
        refuseOwnKey(call, plan);
        return await(call, plan, gate.board(call, plan));
    }

    void refuseOwnKey(Call<K, V> call, Load<V> plan) {
        if (gate.isOwnKey(call)) {
            events.missed();
            throw gate.ownKey(call, plan.hold());
        }
    }

    /** Waits for a flight's landing, if it must. */
    CompletableFuture<Lookup<V>> await(Call<K, V> call, Load<V> plan, BoardingGate.Place<V> place) {
        if (place.landing() == null) {
            return CompletableFuture.completedFuture(serve(plan.stale(), Source.STALE));
        }
        return place.landing()
                .thenComposeAsync(
                        landing -> saysNothing(landing, place.leads(), plan.spare())
                                ? read(call)
                                : CompletableFuture.completedFuture(conclude(call, plan, landing)),
                        call.steps());
    }

    /** Whether a flight came to nothing for a reason that is not this caller's, who must then begin anew. */
    private static boolean saysNothing(Landing<?> landing, boolean leads, Object spare) {
        // Whoever interrupted the leader's thread meant that thread, and not those who waited for it.
        boolean interrupted = landing instanceof Broke<?> broke && broke.outcome() instanceof Interrupted<?>;
        return (interrupted && !leads) || (landing instanceof Elsewhere<?> && spare == null);
    }

    /** Stage 9. */
    private Lookup<V> conclude(Call<K, V> call, Load<V> plan, Landing<V> landing) {
        LocalEntry<V> spare = plan.spare();
        if (spare != null && !(landing instanceof Brought<V>)) {
            return serve(spare, spare.isFresh(time.nanos()) ? Source.FALLBACK : Source.STALE);
        }
        events.missed();
        return result(call, landing);
    }

    private Lookup<V> result(Call<K, V> call, Landing<V> landing) {
        if (landing instanceof Brought<V> brought) {
            return lookup(brought.entry(), Source.LOADED);
        }
        throw failures.of(call.key(), landing);
    }

    private Lookup<V> serve(LocalEntry<V> entry, Source source) {
        events.served(source);
        return lookup(entry, source);
    }

    Lookup<V> lookup(LocalEntry<V> entry, Source source) {
        Duration age = Duration.ofNanos(entry.ageNanos(time.nanos()));
        return new Lookup<>(entry.value(), entry.isAbsence() ? Source.ABSENT : source, age);
    }
}
