package io.levee.cache.internal.read;

import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.EntryHeader.Kind;
import io.levee.cache.internal.entry.NotAnEntryException;
import io.levee.cache.internal.flight.SingleFlight;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.load.GuardedLoader;
import io.levee.cache.internal.local.Envelope;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.time.TimeText;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.write.InvalidationJournal;
import io.levee.cache.internal.write.InvalidationJournal.Verdict;
import io.levee.cache.monitor.HealthReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Says of a key where it lives, what each tier has of it, and who loads it. It changes nothing: it takes no lease and fills no tier. */
public final class Explanation<K, V> {
    private final String cache;
    private final Shelf<V> shelf;
    private final Envelope<V> envelope;
    private final Generation generation;
    private final InvalidationJournal journal;
    private final SingleFlight<Landing<V>> flights;
    private final GuardedLoader<K, V> loader;
    private final Supplier<HealthReport> health;
    private final UnaryOperator<String> rounds;
    private final TimeSource time;

    /**
     * Explains the keys of one cache.
     *
     * @param rounds says of a key, by its name in memcached, how it is kept warm; null if it is not
     */
    public Explanation(
            String cache,
            Shelf<V> shelf,
            Envelope<V> envelope,
            Generation generation,
            InvalidationJournal journal,
            SingleFlight<Landing<V>> flights,
            GuardedLoader<K, V> loader,
            Supplier<HealthReport> health,
            UnaryOperator<String> rounds,
            TimeSource time) {
        this.cache = cache;
        this.shelf = shelf;
        this.envelope = envelope;
        this.generation = generation;
        this.journal = journal;
        this.flights = flights;
        this.loader = loader;
        this.health = health;
        this.rounds = rounds;
        this.time = time;
    }

    CompletableFuture<String> of(Call<K, V> call) {
        // Also where readers would not ask: what is there is the question.
        return call.node().get(call.nodeKey(), 0, 0).thenApplyAsync(reply -> lines(call, reply), call.steps());
    }

    private String lines(Call<K, V> call, Reply reply) {
        StringBuilder text = new StringBuilder("key " + call.key() + " of cache " + cache);
        line(text, "in memcached", call.nodeKey());
        line(text, "node", node(call));
        line(text, "the node has", remote(call, reply));
        line(text, "this process has", local(shelf.look(call.localKey()), reply));
        line(text, "lease", lease(call, reply));
        Throwable failure = loader.recentFailure(call.localKey());
        if (failure != null) {
            line(text, "last load", "failed less than a second ago, and is not tried again yet: " + failure);
        }
        String warm = rounds.apply(call.nodeKey());
        if (warm != null) {
            line(
                    text,
                    "kept warm",
                    reply instanceof Reply.Unavailable
                            ? warm + "; while the node cannot be asked, only before it ceases to be fresh"
                            : warm);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String says) {
        text.append(String.format("%n  %-16s %s", what, says));
    }

    private String node(Call<K, V> call) {
        HealthReport report = health.get();
        String asked = report.line(call.node().address());
        if (call.standsIn()) {
            return asked + "; it stands in for " + report.line(call.alsoAt().address());
        }
        return journal.isBarred(call.node(), call.nodeKey())
                ? asked
                        + "; readers do not ask it for this key until an invalidation or a write of this process has reached it"
                : asked;
    }

    private String remote(Call<K, V> call, Reply reply) {
        if (reply instanceof Reply.Hit hit) {
            try {
                return item(call, hit, EntryFormat.header(hit.data(), hit.flags()));
            } catch (NotAnEntryException e) {
                return hit.data().length + " bytes that are no value of this cache, a miss: " + e.reason();
            }
        }
        if (reply instanceof Reply.Miss miss) {
            if (miss.token() == 0) {
                return "nothing";
            }
            return miss.lease() == Lease.LOST
                    ? "no value, but a lease that a process holds to load it"
                    : "no value, but a note that an invalidation, a write or a failed load has left";
        }
        return reply instanceof Reply.Unavailable unavailable
                ? "not answered: " + unavailable.detail()
                : "answered " + reply;
    }

    private String item(Call<K, V> call, Reply.Hit hit, EntryHeader header) {
        long nowMillis = time.millis();
        StringBuilder says = new StringBuilder(header.kind() == Kind.ABSENT ? "a remembered absence" : "a value");
        says.append(" of ").append(hit.data().length).append(" bytes, written ");
        says.append(millis(nowMillis - header.writtenAtMillis())).append(" ago");
        if (header.loadMillis() > 0) {
            says.append(" by a load of ").append(millis(header.loadMillis()));
        }
        long freshMillis = header.freshUntilMillis() - nowMillis;
        says.append(freshMillis > 0 ? ", fresh for " + millis(freshMillis) : ", stale for " + millis(-freshMillis));
        if (hit.stale()) {
            says.append(", marked to be loaded anew");
        }
        if (header.generation() < generation.current()) {
            says.append("; refused, a miss: it is from before the cache was cleared");
        } else if (journal.isInDoubt(call.node())
                && journal.judge(call.node(), header.writtenAtMillis() - header.loadMillis()) != Verdict.BELIEVED) {
            says.append("; refused, a miss: too many invalidations were missed since it was loaded");
        } else if (envelope.isPast(header, generation.current())) {
            says.append("; refused, a miss: an earlier release wrote it, of schema version ");
            says.append(header.schemaVersion());
        } else if (envelope.isOfLaterRelease(header)) {
            says.append("; left alone: a later release wrote it, of schema version ")
                    .append(header.schemaVersion());
        }
        return says.toString();
    }

    private String local(LocalEntry<V> held, Reply reply) {
        if (held == null) {
            return "nothing";
        }
        long nowNanos = time.nanos();
        StringBuilder says = new StringBuilder(held.isAbsence() ? "a remembered absence" : "a value");
        says.append(", written ")
                .append(TimeText.brief(held.ageNanos(nowNanos)))
                .append(" ago");
        long overdueNanos = held.overdueNanos(nowNanos);
        if (overdueNanos < 0) {
            says.append(", fresh for ").append(TimeText.brief(-overdueNanos));
        } else {
            says.append(", stale for ").append(TimeText.brief(overdueNanos));
            says.append(held.isUsable(nowNanos) ? "" : ", too old to be served");
        }
        if (held.isNear(nowNanos)) {
            says.append(", served without asking the node");
        }
        if (held.isOnlyHere()) {
            says.append(", too large for the node");
        }
        return says.append(isAt(reply, held) ? "; the same as the node's" : "").toString();
    }

    private static boolean isAt(Reply reply, LocalEntry<?> held) {
        try {
            return reply instanceof Reply.Hit hit
                    && held.wasWrittenAt(
                            EntryFormat.header(hit.data(), hit.flags()).writtenAtMillis());
        } catch (NotAnEntryException e) {
            return false;
        }
    }

    private String lease(Call<K, V> call, Reply reply) {
        if (flights.isUnderWay(call.localKey())) {
            return "this process is loading the key, or waiting for another that does";
        }
        Lease lease = reply instanceof Reply.Hit hit
                ? hit.lease()
                : reply instanceof Reply.Miss miss ? miss.lease() : Lease.NONE;
        if (lease == Lease.LOST) {
            return "held by another process, or by one that has died; then it ends by time";
        }
        return reply instanceof Reply.Unavailable ? "not known" : "held by nobody";
    }

    private static String millis(long millis) {
        return TimeText.brief(Duration.ofMillis(Math.max(0, millis)));
    }
}
