package io.levee.cache.internal.read;

import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.LeaseWatch;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.read.Landing.Broke;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.read.Plan.Serve;
import io.levee.cache.internal.read.Plan.ServeAndRefresh;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.util.concurrent.CompletableFuture;

/**
 * Brings a key up to date for its round of the periodic write-through, by the stages of the {@link ReadPath}: the node is asked, and
 * what it has is kept as fallback; only what is older than the round is loaded, in a flight that readers of the key may join, and
 * under the key's lease, which one process of the fleet gets. A value that was written in the round is good, whoever wrote it.
 *
 * <p>It loads only when there is {@linkplain GuardedLoader#room room}: readers come first. The lease is asked for after that, lest a
 * load that waits for its turn keep the fleet's readers waiting.
 *
 * <p>What fences a process that was stopped in the middle of a load is the item's token, as for any load: it stores nothing over an item
 * that is newer than the one it found.
 */
public final class Renewal<K, V> {
    private final CacheLoader<? super K, ? extends V> loader;
    private final Calls<K, V> calls;
    private final NodeQuery<K, V> query;
    private final AnswerReader<K, V> reader;
    private final BoardingGate<K, V> gate;
    private final GuardedLoader<K, V> loads;
    private final Shelf<V> shelf;
    private final LeaseTerm term;
    private final LeaseWatch leaseWatch;
    private final TimeSource time;
    private final boolean leases;
    private final int recacheSeconds;

    public Renewal(
            CacheSettings settings,
            CacheLoader<? super K, ? extends V> loader,
            Calls<K, V> calls,
            NodeQuery<K, V> query,
            AnswerReader<K, V> reader,
            BoardingGate<K, V> gate,
            GuardedLoader<K, V> loads,
            Shelf<V> shelf,
            LeaseTerm term,
            LeaseWatch leaseWatch,
            TimeSource time) {
        this.loader = loader;
        this.calls = calls;
        this.query = query;
        this.reader = reader;
        this.gate = gate;
        this.loads = loads;
        this.shelf = shelf;
        this.term = term;
        this.leaseWatch = leaseWatch;
        this.time = time;
        this.leases = settings.lease().enabled();
        recacheSeconds = leases ? (int) Envelope.dueWithin(settings).toSeconds() : 0;
    }

    /** How it went. */
    public enum Result {
        /** What this process holds was written in the round, by whichever process, or need not be newer. */
        CURRENT,
        /** It is due, and was not to be loaded now. */
        DUE,
        /** Another process is loading it, or this one still is. */
        UNDER_WAY,
        /** The loader failed. */
        FAILED
    }

    /**
     * What is asked of a value.
     *
     * @param sinceNanos when the round began: a value that was written before is due. A moment and not an age, as a look takes time
     * @param blindAgeNanos where the key's node cannot be asked, it must be as old as this too
     * @param mayLoad whether to load it if it is due
     */
    public record Demand(long sinceNanos, long blindAgeNanos, boolean mayLoad) {
        Plan.Rules rules(boolean leases, long nowNanos) {
            long ageNanos = nowNanos - sinceNanos;
            return new Plan.Rules(ageNanos, Math.max(ageNanos, blindAgeNanos), leases, null);
        }
    }

    /** Renews the key if it is due. Never blocks; the future never fails. */
    public CompletableFuture<Result> renew(K key, Demand demand) {
        // Without a lease: most of the fleet finds here what another process has loaded.
        Call<K, V> look = calls.own(key, loader);
        return query.ask(look, 0, 0)
                .thenComposeAsync(
                        reply -> {
                            Answer<V> answer = reader.read(look, reply);
                            Plan<V> plan = plan(look, answer, demand);
                            if (plan instanceof Serve<V> serve) {
                                return CompletableFuture.completedFuture(served(answer, serve, demand));
                            }
                            return demand.mayLoad()
                                    ? loads.room().thenCompose(room -> load(calls.own(key, loader), demand))
                                    : CompletableFuture.completedFuture(Result.DUE);
                        },
                        look.steps())
                .exceptionally(bug -> Result.FAILED);
    }

    private CompletableFuture<Result> load(Call<K, V> call, Demand demand) {
        return query.ask(call, term.seconds(), reader.recacheSeconds(recacheSeconds))
                .thenComposeAsync(reply -> carryOut(call, reader.read(call, reply), demand), call.steps())
                .whenComplete((result, bug) -> loads.passRoomOn());
    }

    private Plan<V> plan(Call<K, V> call, Answer<V> answer, Demand demand) {
        long nowNanos = time.nanos();
        return Plan.of(
                answer,
                shelf.get(call.localKey()),
                call.startNanos(),
                nowNanos,
                demand.rules(leases, nowNanos),
                token -> leaseWatch.isOverdue(call.localKey(), token));
    }

    private CompletableFuture<Result> carryOut(Call<K, V> call, Answer<V> answer, Demand demand) {
        Plan<V> plan = plan(call, answer, demand);
        if (plan instanceof Serve<V> serve) {
            return CompletableFuture.completedFuture(served(answer, serve, demand));
        }
        if (plan instanceof ServeAndRefresh<V> due) {
            return fly(call, due.hold(), due.turn());
        }
        Load<V> missing = (Load<V>) plan;
        return fly(call, missing.hold(), missing.turn());
    }

    /** A reader is served what is due, too, if another process holds the lease to load it. */
    private Result served(Answer<V> answer, Serve<V> serve, Demand demand) {
        long nowNanos = time.nanos();
        boolean blind = answer instanceof Unreachable<V> || answer instanceof Later<V>;
        return blind || serve.entry().ageNanos(nowNanos) < nowNanos - demand.sinceNanos()
                ? Result.CURRENT
                : Result.UNDER_WAY;
    }

    private CompletableFuture<Result> fly(Call<K, V> call, Hold hold, Turn turn) {
        if (turn == Turn.ANOTHERS) {
            // Its value is taken at the next look. To wait for it is for those who need it.
            return CompletableFuture.completedFuture(Result.UNDER_WAY);
        }
        return gate.boardToRefresh(call, hold, turn).thenApply(landing -> {
            if (landing instanceof Brought<V>) {
                return Result.CURRENT;
            }
            return landing instanceof Broke<V> broke && broke.outcome() instanceof Failed<V>
                    ? Result.FAILED
                    : Result.UNDER_WAY;
        });
    }
}
