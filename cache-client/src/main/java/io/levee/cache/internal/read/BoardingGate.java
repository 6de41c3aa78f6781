package io.levee.cache.internal.read;

import io.levee.cache.CacheSettings;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.flight.Flight;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.flight.SingleFlight.Boarding;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Landing.TookTooLong;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.read.Plan.ServeAndRefresh;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Where flights begin and are waited for, stage 5 of the {@link ReadPath}: of all callers of this process that need a key, one leads
 * its flight, and each waits for the landing no longer than it has patience.
 */
public final class BoardingGate<K, V> {
    /** The wait ends when the load does. */
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final String cache;
    private final Shelf<V> shelf;
    private final SingleFlight<Landing<V>> flights;
    private final LoadPath<K, V> loadPath;
    private final GuardedLoader<K, V> loader;
    private final CacheEvents events;
    private final ClientThreads threads;
    private final TimeSource time;
    private final long loadWaitNanos;
    private final long softNanos;
    private final long hardNanos;

    public BoardingGate(
            CacheSettings settings,
            Shelf<V> shelf,
            SingleFlight<Landing<V>> flights,
            LoadPath<K, V> loadPath,
            GuardedLoader<K, V> loader,
            CacheEvents events,
            ClientThreads threads,
            TimeSource time) {
        this.cache = settings.name();
        this.shelf = shelf;
        this.flights = flights;
        this.loadPath = loadPath;
        this.loader = loader;
        this.events = events;
        this.threads = threads;
        this.time = time;
        loadWaitNanos = settings.loadWait().toNanos();
        boolean timeouts = !settings.hardLoadTimeout().isZero();
        softNanos = timeouts ? settings.softLoadTimeout().toNanos() : NO_LIMIT;
        hardNanos = timeouts ? settings.hardLoadTimeout().toNanos() : NO_LIMIT;
    }

    /**
     * A place on a flight.
     *
     * @param leads whether the caller is the one that loads
     * @param landing null for one who need not wait, having a stale value while another loads
     */
    record Place<V>(boolean leads, CompletableFuture<Landing<V>> landing) {}

    /** What the leader of a flight does; it is to see to it that the flight lands. */
    interface TakeOff<K, V> {
        void fly(Call<K, V> call, Hold hold, Turn turn, long waitNanos, Flight<Landing<V>> flight);
    }

    /** For a caller that needs the key. The first leads; the others wait, or take the stale value that they have. */
    Place<V> board(Call<K, V> call, Load<V> plan) {
        return board(call, plan, loadPath::fly);
    }

    /** As {@link #board(Call, Load)}, for a caller that flies its own way if it leads. */
    Place<V> board(Call<K, V> call, Load<V> plan, TakeOff<K, V> takeOff) {
        // Who has a stale value takes that, and joins nothing.
        Boarding<Landing<V>> boarding =
                plan.stale() != null ? flights.board(call.localKey()) : boardCurrent(call, plan.hold());
        Flight<Landing<V>> flight = boarding.flight();
        long patienceNanos = hardNanos;
        if (boarding.leads()) {
            lead(call, plan, takeOff, flight);
        } else {
            offerLease(call, plan.hold(), flight);
            if (plan.stale() != null) {
                return new Place<>(false, null);
            }
            events.coalesced();
            patienceNanos = Math.min(hardNanos, call.deadline().leftNanos(loadWaitNanos));
        }
        if (plan.spare() != null) {
            patienceNanos = Math.min(softNanos, patienceNanos);
        }
        return new Place<>(boarding.leads(), awaitLanding(call, boarding, patienceNanos));
    }

    /** For a load that was asked for whatever the tiers hold: a flight under way is joined. */
    CompletableFuture<Landing<V>> boardToRefresh(Call<K, V> call, Hold hold, Turn turn) {
        Boarding<Landing<V>> boarding = boardCurrent(call, hold);
        if (boarding.leads()) {
            loadPath.fly(call, hold, turn, loadWaitNanos, boarding.flight());
        } else {
            offerLease(call, hold, boarding.flight());
        }
        // Two loaders that wait for each other's keys would wait for ever.
        long patienceNanos = call.outer() == null
                ? hardNanos
                : Math.min(hardNanos, call.deadline().leftNanos(loadWaitNanos));
        return awaitLanding(call, boarding, patienceNanos);
    }

    /** Boards the key's flight, or a new one if another process has invalidated the key since that one's load began. */
    private Boarding<Landing<V>> boardCurrent(Call<K, V> call, Hold hold) {
        Boarding<Landing<V>> boarding = flights.board(call.localKey());
        if (boarding.leads() || !boarding.flight().beganBefore(hold.token(), time.nanos())) {
            return boarding;
        }
        flights.supersede(call.localKey(), boarding.flight());
        return flights.board(call.localKey());
    }

    /** For a refresh behind the back of a caller that was served: nobody waits for it. */
    void boardBehind(Call<K, V> call, ServeAndRefresh<V> plan) {
        if (isOwnKey(call)) {
            return;
        }
        Boarding<Landing<V>> boarding = flights.board(call.localKey());
        if (!boarding.leads()) {
            return;
        }
        LocalEntry<V> held = shelf.get(call.localKey());
        if (held != null && held.isFresh(time.nanos()) && held.isNewerThan(plan.entry())) {
            // Another flight landed between our look at the shelf and our boarding.
            loadPath.arrive(call, boarding.flight(), new Brought<>(held));
            return;
        }
        loadPath.fly(call.behind(threads), plan.hold(), plan.turn(), 0, boarding.flight());
    }

    /** Whether the call comes from the loader of that very key, which would wait for itself. */
    boolean isOwnKey(Call<K, V> call) {
        return loader.isLoading(call.localKey(), call.outer());
    }

    IllegalStateException ownKey(Call<K, V> call, Hold hold) {
        loadPath.letGo(call, hold);
        return new IllegalStateException(
                "the loader of cache \"" + cache + "\" asks for the key that it is loading: " + call.key());
    }

    private void lead(Call<K, V> call, Load<V> plan, TakeOff<K, V> takeOff, Flight<Landing<V>> flight) {
        LocalEntry<V> held = shelf.get(call.localKey());
        boolean landed = held != null
                && held.isFresh(time.nanos())
                && (plan.isBlind()
                        || held.isHeldSince(call.startNanos())
                        || held.isLoadedBeside(plan.hold().token(), plan.hold().laterMillis()))
                && !held.isOutdatedBy(plan.hold().token());
        if (landed) {
            // Another flight landed after we looked at the node and before we boarded: its value is as new as ours.
            loadPath.letGo(call, plan.hold());
            loadPath.arrive(call, flight, new Brought<>(held));
            return;
        }
        // Who has a stale value in hand does not queue for a permit.
        long waitNanos = plan.stale() != null ? 0 : call.deadline().leftNanos(loadWaitNanos);
        takeOff.fly(call, plan.hold(), plan.turn(), waitNanos, flight);
    }

    private void offerLease(Call<K, V> call, Hold hold, Flight<?> flight) {
        if (hold.isOurs() && !flight.offerLease(hold.token())) {
            loadPath.letGo(call, hold);
        }
    }

    /** Waits for a flight, but not for longer than one has patience; then the flight goes on without leaving anything of us. */
    private CompletableFuture<Landing<V>> awaitLanding(
            Call<K, V> call, Boarding<Landing<V>> boarding, long patienceNanos) {
        Flight<Landing<V>> flight = boarding.flight();
        CompletableFuture<Landing<V>> seat = flight.await();
        if (patienceNanos != NO_LIMIT) {
            Future<?> patience = threads.timer().after(patienceNanos, () -> {
                flight.leave(seat);
                seat.complete(new TookTooLong<>(patienceNanos));
            });
            Future<?> unused = seat.whenComplete((landing, never) -> patience.cancel(false));
        }
        if (!boarding.leads()) {
            loader.joined(call.localKey(), call.outer(), seat);
        }
        return seat;
    }
}
