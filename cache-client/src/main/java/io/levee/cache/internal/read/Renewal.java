package io.levee.cache.internal.read;

import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.LeaseWatch;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.read.Landing.Broke;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.read.Plan.Serve;
import io.levee.cache.internal.read.Plan.ServeAndRefresh;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
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
        Call<K, V> look;
        try {
            look = calls.own(key, loader);
        } catch (RuntimeException | Error bug) {
            // The key's text is the application's to give.
            return CompletableFuture.completedFuture(Result.FAILED);
        }
        return query.ask(look, 0, 0)
                .thenComposeAsync(
                        reply -> {
                            Result found = judge(look, reply, demand).result();
                            return found == Result.DUE && demand.mayLoad()
                                    ? loads.room().thenCompose(room -> load(calls.again(look), demand))
                                    : CompletableFuture.completedFuture(found);
                        },
                        look.steps())
                .exceptionally(bug -> Result.FAILED);
    }

    private CompletableFuture<Result> load(Call<K, V> call, Demand demand) {
        return query.ask(call, term.seconds(), reader.recacheSeconds(recacheSeconds))
                .thenComposeAsync(
                        reply -> {
                            Verdict verdict = judge(call, reply, demand);
                            return verdict.result() == Result.DUE
                                    ? fly(call, verdict.hold(), verdict.turn())
                                    : CompletableFuture.completedFuture(verdict.result());
                        },
                        call.steps())
                .whenComplete((result, bug) -> loads.passRoomOn());
    }

    /**
     * How a key stands.
     *
     * @param hold of the load if it is due
     * @param turn of the load if it is due
     */
    private record Verdict(Result result, Hold hold, Turn turn) {
        static Verdict of(Result result) {
            return new Verdict(result, Hold.NONE, Turn.ANOTHERS);
        }

        static Verdict due(Hold hold, Turn turn) {
            return new Verdict(Result.DUE, hold, turn);
        }
    }

    private Verdict judge(Call<K, V> call, Reply reply, Demand demand) {
        Answer<V> answer = reader.read(call, reply);
        long nowNanos = time.nanos();
        Plan<V> plan = Plan.of(
                answer,
                shelf.get(call.localKey()),
                call.startNanos(),
                nowNanos,
                demand.rules(leases, nowNanos),
                token -> leaseWatch.isOverdue(call.localKey(), token));
        if (plan instanceof ServeAndRefresh<V> due) {
            return Verdict.due(due.hold(), due.turn());
        }
        if (plan instanceof Load<V> missing) {
            return Verdict.due(missing.hold(), missing.turn());
        }
        boolean blind = answer instanceof Unreachable<V> || answer instanceof Later<V>;
        LocalEntry<V> served = ((Serve<V>) plan).entry();
        if (blind || served.ageNanos(nowNanos) < nowNanos - demand.sinceNanos()) {
            return Verdict.of(Result.CURRENT);
        }
        // Readers are served what is due, too, while another process holds its lease; only we count for how long.
        return answer instanceof Found<V> found && leaseWatch.isOverdue(call.localKey(), found.token())
                ? Verdict.due(Hold.item(found.token()), Turn.OVERDUE)
                : Verdict.of(Result.UNDER_WAY);
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
