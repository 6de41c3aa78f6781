package io.levee.cache.internal.read;

import io.levee.cache.BulkLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.internal.flight.Flight;
import io.levee.cache.internal.flight.LeaseTerm;
import io.levee.cache.internal.flight.Pauses;
import io.levee.cache.internal.flight.RemoteLease;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.load.LoadOutcome;
import io.levee.cache.internal.load.LoadOutcome.Failed;
import io.levee.cache.internal.load.LoadOutcome.Loaded;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Landing.Brought;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Flies many keys at once, stages 6 to 8 of the {@link ReadPath} for those of a {@code getAll} that this call leads: one {@link
 * BulkLoader} call for all whose turn it is, and one request to each node where the leases are to be asked for or waited for. Each
 * key keeps a flight of its own, which others may have joined, and every flight lands, whatever happens.
 */
public final class BulkFlight<K, V> {
    private final NodeQuery<K, V> query;
    private final AnswerReader<K, V> reader;
    private final GuardedLoader<K, V> loader;
    private final LoadPath<K, V> loadPath;
    private final Timer timer;
    private final TimeSource time;
    private final LeaseTerm term;
    private final long loadWaitNanos;

    public BulkFlight(
            CacheSettings settings,
            NodeQuery<K, V> query,
            AnswerReader<K, V> reader,
            GuardedLoader<K, V> loader,
            LoadPath<K, V> loadPath,
            LeaseTerm term,
            Timer timer,
            TimeSource time) {
        this.query = query;
        this.reader = reader;
        this.loader = loader;
        this.loadPath = loadPath;
        this.timer = timer;
        this.time = time;
        this.term = term;
        this.loadWaitNanos = settings.loadWait().toNanos();
    }

    /** A key that this call leads, and what it holds on the node. */
    record Departure<K, V>(Call<K, V> call, Hold hold, Turn turn, Flight<Landing<V>> flight) {
        Departure<K, V> with(Hold newHold, Turn newTurn) {
            return new Departure<>(call, newHold, newTurn, flight);
        }
    }

    /** Flies them. Returns at once; the flights land by and by. */
    void fly(List<Departure<K, V>> departures, BulkLoader<K, V> bulkLoader) {
        Run run = new Run(bulkLoader);
        List<Departure<K, V>> unclaimed = new ArrayList<>();
        for (Departure<K, V> departure : departures) {
            Throwable recent = loader.recentFailure(departure.call().localKey());
            if (recent != null) {
                loadPath.land(departure.call(), departure.hold(), new Failed<>(recent), departure.flight());
            } else if (departure.turn() == Turn.OURS) {
                run.ready.add(departure);
            } else if (departure.turn() == Turn.ANOTHERS) {
                run.waiting.add(departure);
            } else {
                unclaimed.add(departure);
            }
        }
        if (unclaimed.isEmpty()) {
            run.go();
        } else {
            claim(unclaimed, run);
        }
    }

    private void claim(List<Departure<K, V>> unclaimed, Run run) {
        CompletableFuture<?>[] reopened = unclaimed.stream()
                .filter(departure -> departure.turn() == Turn.OVERDUE)
                .map(departure -> loadPath.reopen(departure.call(), departure.hold()))
                .toArray(CompletableFuture[]::new);
        if (reopened.length == 0) {
            askForLeases(unclaimed, run);
            return;
        }
        // They stand in line, as they may be thousands, and a claim that passed them by would be refused.
        Executor steps = unclaimed.get(0).call().steps();
        Future<?> unused = CompletableFuture.allOf(reopened)
                .thenRunAsync(() -> askForLeases(unclaimed, run), steps)
                .exceptionally(bug -> landAll(unclaimed, new Failed<>(bug)));
    }

    private void askForLeases(List<Departure<K, V>> unclaimed, Run run) {
        ask(unclaimed, NodeQuery.CLAIM_SECONDS, replies -> {
            for (int i = 0; i < unclaimed.size(); i++) {
                Departure<K, V> departure = unclaimed.get(i);
                Answer<V> answer = reader.readAgain(
                        departure.call(), replies.get(i), departure.hold().token());
                Turn turn = loadPath.claimed(departure.call(), departure.hold(), answer, departure.flight());
                if (turn != null) {
                    run.add(departure.with(loadPath.holdOf(answer), turn));
                }
            }
            run.go();
        });
    }

    private interface Replies {
        void heard(List<Reply> replies);
    }

    /** Asks for all; a bug on the way lands every one of them. */
    private void ask(List<Departure<K, V>> departures, int recacheSeconds, Replies then) {
        List<Call<K, V>> calls = departures.stream().map(Departure::call).toList();
        Executor steps = calls.get(0).steps();
        Future<?> unused = query.askAll(calls, term.seconds(), recacheSeconds)
                .thenAcceptAsync(then::heard, steps)
                .exceptionally(bug -> landAll(departures, new Failed<>(bug)));
    }

    private Void landAll(List<Departure<K, V>> departures, LoadOutcome<?> outcome) {
        for (Departure<K, V> departure : departures) {
            loadPath.land(departure.call(), departure.hold(), failure(outcome), departure.flight());
        }
        return null;
    }

    @SuppressWarnings("unchecked") // what is not Loaded has no value of any type
    private static <V> LoadOutcome<V> failure(LoadOutcome<?> outcome) {
        return (LoadOutcome<V>) outcome;
    }

    /** The keys of one call: some to load, some that other processes load. Touched by one step at a time. */
    private final class Run {
        private final BulkLoader<K, V> bulkLoader;
        private final Pauses pauses = new Pauses();
        private final long deadlineNanos = time.nanos() + loadWaitNanos;
        private List<Departure<K, V>> ready = new ArrayList<>();
        private List<Departure<K, V>> waiting = new ArrayList<>();

        Run(BulkLoader<K, V> bulkLoader) {
            this.bulkLoader = bulkLoader;
        }

        void add(Departure<K, V> departure) {
            (departure.turn() == Turn.OURS ? ready : waiting).add(departure);
        }

        void go() {
            List<Departure<K, V>> now = ready;
            ready = new ArrayList<>();
            // The others first: a load on the calling thread holds up all that it does not begin before.
            if (!waiting.isEmpty()) {
                Future<?> unused = timer.after(pauses.nextNanos(), this::look);
            }
            if (!now.isEmpty()) {
                load(now);
            }
        }

        private void look() {
            List<Departure<K, V>> now = waiting;
            waiting = new ArrayList<>();
            boolean last = time.nanos() - deadlineNanos >= 0;
            ask(now, 0, replies -> {
                List<Departure<K, V>> unclaimed = new ArrayList<>();
                for (int i = 0; i < now.size(); i++) {
                    heard(now.get(i), replies.get(i), last, unclaimed);
                }
                if (unclaimed.isEmpty()) {
                    go();
                } else {
                    claim(unclaimed, this);
                }
            });
        }

        private void heard(Departure<K, V> departure, Reply reply, boolean last, List<Departure<K, V>> unclaimed) {
            boolean anothers = RemoteLease.isAnothers(reply, departure.hold().token());
            if (anothers && !last && !departure.flight().isLeaseOffered()) {
                waiting.add(departure);
                return;
            }
            Answer<V> answer =
                    reader.readAgain(departure.call(), reply, departure.hold().token());
            if (answer instanceof Found<V> found && loadPath.isGood(departure.call(), found)) {
                loadPath.arrive(departure.call(), departure.flight(), new Brought<>(found.entry()));
                return;
            }
            Turn next = last ? Turn.OURS : loadPath.turnAfter(answer);
            Departure<K, V> onward = departure.with(loadPath.holdOf(answer), next);
            if (next == Turn.UNCLAIMED) {
                unclaimed.add(onward);
            } else {
                add(onward);
            }
        }

        private void load(List<Departure<K, V>> batch) {
            List<Departure<K, V>> departures = new ArrayList<>(batch.size());
            List<K> keys = new ArrayList<>(batch.size());
            Set<Object> localKeys = new HashSet<>();
            for (Departure<K, V> departure : batch) {
                Call<K, V> call = loadPath.beginning(departure.call());
                Hold hold = loadPath.withOffer(
                        call, departure.hold(), departure.flight().takeLease());
                loadPath.begins(departure.flight(), hold);
                departures.add(new Departure<>(call, hold, Turn.OURS, departure.flight()));
                keys.add(call.key());
                localKeys.add(call.localKey());
            }
            Call<K, V> any = departures.get(0).call();
            Future<?> unused = loader.loadAll(
                            List.copyOf(keys),
                            localKeys,
                            bulkLoader,
                            any.outer(),
                            any.isAwaited(),
                            Math.max(0, deadlineNanos - time.nanos()),
                            any.loads())
                    .thenAccept(outcome -> land(departures, outcome))
                    .exceptionally(bug -> landAll(departures, new Failed<>(bug)));
        }

        private void land(List<Departure<K, V>> departures, LoadOutcome<Map<K, V>> outcome) {
            if (!(outcome instanceof Loaded<Map<K, V>> loaded)) {
                landAll(departures, outcome);
                return;
            }
            for (Departure<K, V> departure : departures) {
                V value = loaded.value().get(departure.call().key());
                loadPath.land(
                        departure.call(),
                        departure.hold(),
                        new Loaded<>(value, loaded.tookNanos()),
                        departure.flight());
            }
        }
    }
}
