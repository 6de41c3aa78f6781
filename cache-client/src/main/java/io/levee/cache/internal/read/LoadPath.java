package io.levee.cache.internal.read;

import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.flight.Flight;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.LeaseWatch;
import io.levee.cache.internal.flight.RemoteLease;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Loaded;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.read.Landing.Broke;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Landing.Elsewhere;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.write.WriteBack;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * What the leader of a flight does, stages 6 to 8 of the {@link ReadPath}: {@link #fly} agrees with the fleet on who loads,
 * {@link #load} runs the loader, {@link #land} writes back and tells those who wait. It always lands, whatever happens.
 */
public final class LoadPath<K, V> {
    private final SingleFlight<Landing<V>> flights;
    private final RemoteLease leases;
    private final LeaseWatch leaseWatch;
    private final Generation generation;
    private final AnswerReader<K, V> reader;
    private final GuardedLoader<K, V> loader;
    private final WriteBack<V> writeBack;
    private final CacheEvents events;
    private final TimeSource time;
    private final LeaseTerm term;

    public LoadPath(
            SingleFlight<Landing<V>> flights,
            RemoteLease leases,
            LeaseWatch leaseWatch,
            Generation generation,
            AnswerReader<K, V> reader,
            GuardedLoader<K, V> loader,
            WriteBack<V> writeBack,
            CacheEvents events,
            TimeSource time,
            LeaseTerm term) {
        this.flights = flights;
        this.leases = leases;
        this.leaseWatch = leaseWatch;
        this.generation = generation;
        this.reader = reader;
        this.loader = loader;
        this.writeBack = writeBack;
        this.events = events;
        this.time = time;
        this.term = term;
    }

    /**
     * Stage 6. Loads now if it is this process's turn; else waits for the value of the process whose turn it is. If that does not
     * come in time its process may be dead, and the first who has loaded takes its place.
     *
     * @param waitNanos how long to wait for a permit, and for another process
     */
    void fly(Call<K, V> call, Hold hold, Turn turn, long waitNanos, Flight<Landing<V>> flight) {
        try {
            switch (turn) {
                case OURS -> load(call, hold, waitNanos, flight);
                case ANOTHERS -> awaitLease(call, hold, waitNanos, flight);
                case UNCLAIMED, OVERDUE -> claim(call, hold, turn, waitNanos, flight);
            }
        } catch (RuntimeException | Error bug) {
            letGo(call, hold);
            landBroken(call, flight, bug);
        }
    }

    /**
     * Opens the lease of an item once more. Whoever marks it first does; to those who come later it is another version already. It may
     * stand in line for long: what is to find the lease open is to be sent after this is done.
     */
    CompletableFuture<?> reopen(Call<K, V> call, Hold hold) {
        return call.node().reopen(call.nodeKey(), hold.token(), call.connectionNumber());
    }

    /** What is there is to be replaced: of all who find it so, the one who gets its lease loads. */
    private void claim(Call<K, V> call, Hold hold, Turn turn, long waitNanos, Flight<Landing<V>> flight) {
        Throwable recent = loader.recentFailure(call.localKey());
        if (recent != null) {
            // A load that would not be tried again yet must not take the lease from those who would try.
            arrive(call, flight, new Broke<>(new Failed<>(recent)));
            return;
        }
        if (turn == Turn.OVERDUE) {
            // On the connection that the claim goes over too, which keeps the order.
            Future<?> unused = call.node().reopenAtOnce(call.nodeKey(), hold.token(), call.connectionNumber());
        }
        Future<?> unused = call.node()
                .claim(call.nodeKey(), term.seconds())
                .thenAcceptAsync(
                        reply -> {
                            Answer<V> answer = reader.readAgain(call, reply, hold.token());
                            Turn claimed = claimed(call, hold, answer, flight);
                            if (claimed != null) {
                                fly(call, holdOf(answer), claimed, waitNanos, flight);
                            }
                        },
                        call.steps())
                .exceptionally(bug -> landBroken(call, flight, bug));
    }

    /**
     * Whose turn it is to load, by the answer to a claim; null if the flight has landed with it.
     *
     * @param hold what was there before
     */
    Turn claimed(Call<K, V> call, Hold hold, Answer<V> answer, Flight<Landing<V>> flight) {
        if (answer instanceof Found<V> found) {
            boolean replaced =
                    found.token() != hold.token() && found.entry().isFresh(time.nanos()) && !found.markedStale();
            if (replaced && found.lease() == Lease.WON) {
                // It is good for now, and when it is not any more its lease is still ours, who do not use it.
                leaseWatch.givenUp(call.localKey(), found.token());
            }
            if (replaced || found.lease() == Lease.LOST) {
                arrive(call, flight, replaced ? new Brought<>(found.entry()) : new Elsewhere<>());
                return null;
            }
            return Turn.OURS;
        }
        return answer instanceof NotFound<V> notFound && notFound.lease() == Lease.LOST ? Turn.ANOTHERS : Turn.OURS;
    }

    private void awaitLease(Call<K, V> call, Hold hold, long waitNanos, Flight<Landing<V>> flight) {
        events.leaseWaited();
        Future<?> unused = leases.await(
                        call.node(),
                        call.nodeKey(),
                        term.seconds(),
                        hold.token(),
                        call.connectionNumber(),
                        waitNanos,
                        flight)
                .thenAcceptAsync(
                        reply -> {
                            Answer<V> answer = reader.read(call, reply);
                            if (answer instanceof Found<V> found && isGood(call, found)) {
                                arrive(call, flight, new Brought<>(found.entry()));
                                return;
                            }
                            long leftNanos = call.deadline().leftNanos(waitNanos);
                            Turn next = leftNanos > 0 ? turnAfter(answer) : Turn.OURS;
                            fly(call, holdOf(answer), next, leftNanos, flight);
                        },
                        call.steps())
                .exceptionally(bug -> landBroken(call, flight, bug));
    }

    /**
     * Whose turn it is when there was a wait, and what came is no value that may be served. If it is there all the same, an earlier release
     * may have stored it, and the lease to replace it is to be had or taken; all who waited would else load at once.
     */
    Turn turnAfter(Answer<V> answer) {
        return answer instanceof NotFound<V> notFound && !notFound.placeholder()
                ? Plan.turn(notFound.lease())
                : Turn.OURS;
    }

    /** Whether the node's value may be served: fresh, and not behind what this process has served before. */
    boolean isGood(Call<K, V> call, Found<V> found) {
        long nowNanos = time.nanos();
        return found.entry().isFresh(nowNanos) && !reader.isBehind(call, found.entry(), nowNanos);
    }

    /** Stage 7. */
    private void load(Call<K, V> incoming, Hold held, long waitNanos, Flight<Landing<V>> flight) {
        Call<K, V> call = beginning(incoming);
        Hold hold = withOffer(call, held, flight.takeLease());
        begins(flight, hold);
        loader.load(call.key(), call.localKey(), call.loader(), call.outer(), call.isAwaited(), waitNanos, call.loads())
                // Where the loader ran: to hop to another thread first would only make those who wait wait longer.
                .thenAccept(outcome -> land(call, hold, outcome, flight))
                .exceptionally(bug -> {
                    letGo(call, hold);
                    return landBroken(call, flight, bug);
                });
    }

    void begins(Flight<Landing<V>> flight, Hold hold) {
        flight.loadsUnder(hold.token(), time.nanos() + term.surelyNanos());
    }

    /**
     * The call as its load begins. One that refused an entry because the cache was cleared meanwhile would else write its own with the
     * number of before.
     */
    Call<K, V> beginning(Call<K, V> call) {
        return call.loadingIn(generation.current());
    }

    /** A caller that joined the flight may have brought the key's lease. */
    Hold withOffer(Call<K, V> call, Hold hold, long offered) {
        if (offered == 0) {
            return hold;
        }
        if (hold.token() == 0 || hold.token() == offered) {
            return Hold.lease(offered);
        }
        letGo(call, Hold.lease(offered));
        return hold;
    }

    /** Stage 8. The value is on the shelf before the flight is over: whoever comes too late to join finds it there. */
    void land(Call<K, V> call, Hold hold, LoadOutcome<V> outcome, Flight<Landing<V>> flight) {
        WriteBack.Target target = call.target(hold);
        if (outcome instanceof Loaded<V> loaded) {
            term.loadTook(loaded.tookNanos());
            LocalEntry<V> entry = flight.isSuperseded() || call.generation() < generation.current()
                    ? writeBack.pass(target, loaded.value())
                    : writeBack.fill(target, loaded.value(), loaded.tookNanos());
            arrive(call, flight, new Brought<>(entry));
        } else {
            writeBack.letGo(target);
            if (hold.token() != 0) {
                // The item keeps our lease, and would have to be waited for as if we were dead.
                leaseWatch.givenUp(call.localKey(), hold.token());
            }
            arrive(call, flight, new Broke<>(outcome));
        }
    }

    /** Ends a flight, with whatever a caller that joined it has offered too late. */
    void arrive(Call<K, V> call, Flight<Landing<V>> flight, Landing<V> landing) {
        letGo(call, Hold.lease(flight.takeLease()));
        flights.land(call.localKey(), flight, landing);
    }

    /** No flight will use what is held: others need not wait for it. */
    void letGo(Call<K, V> call, Hold hold) {
        writeBack.letGo(call.target(hold));
    }

    private Void landBroken(Call<K, V> call, Flight<Landing<V>> flight, Throwable bug) {
        arrive(call, flight, new Broke<>(new Failed<>(bug)));
        return null;
    }

    /** What a load that begins now holds on the node. */
    Hold holdOf(Answer<V> answer) {
        if (answer instanceof Found<V> found) {
            return Hold.item(found.token());
        }
        if (answer instanceof Later<V> later) {
            return Hold.later(later.token(), later.writtenAtMillis());
        }
        return answer instanceof NotFound<V> notFound ? Plan.holdOf(notFound) : Hold.NONE;
    }
}
