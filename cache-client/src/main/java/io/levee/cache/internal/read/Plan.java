package io.levee.cache.internal.read;

import io.levee.cache.Lookup.Source;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.write.WriteBack.Hold;
import java.util.function.DoubleSupplier;
import java.util.function.LongPredicate;

/**
 * What to do about a read, decided from what the node said and what this process holds. Deciding is here, and only here; doing
 * is {@link ReadPath}'s.
 */
sealed interface Plan<V> {
    /** Return the entry. */
    record Serve<V>(LocalEntry<V> entry, Source source) implements Plan<V> {}

    /** Return the entry, and load it anew behind the caller's back. */
    record ServeAndRefresh<V>(LocalEntry<V> entry, Source source, Hold hold, Turn turn) implements Plan<V> {}

    /**
     * Load.
     *
     * @param stale may be served instead to a caller who is not the one to load, or whose load does not come; or null
     * @param lastResort may be served instead only if the load fails: memcached knows of no value, so another process may have
     *     invalidated it; or null
     */
    record Load<V>(LocalEntry<V> stale, LocalEntry<V> lastResort, Hold hold, Turn turn) implements Plan<V> {
        /** What is better than an exception, or null. */
        LocalEntry<V> spare() {
            return stale != null ? stale : lastResort;
        }

        /** Whether the node could not be asked, so that whatever this process holds is the best there is. */
        boolean isBlind() {
            return hold.equals(Hold.NONE) && turn == Turn.OURS;
        }
    }

    /** Whose turn it is to load, of all processes. */
    enum Turn {
        /** This process's: it holds the lease, or there is none to be had. */
        OURS,
        /** Another's, whose value is to be waited for. */
        ANOTHERS,
        /** Not known: an item is there that is to be replaced, and its lease must be asked for. */
        UNCLAIMED,
        /** Another's for so long that its process is taken for dead: the lease must be opened again, and asked for. */
        OVERDUE
    }

    /**
     * The settings that decide.
     *
     * @param refreshAfterNanos a fresh entry older than this is refreshed; Long.MAX_VALUE for off
     * @param refreshBlindAfterNanos the same where the node cannot be asked, so that each process loads for itself
     * @param leases whether the fleet agrees on who loads
     * @param early draws by whose chance a value is loaded anew before its end, so that nobody waits then; null for off
     */
    record Rules(long refreshAfterNanos, long refreshBlindAfterNanos, boolean leases, DoubleSupplier early) {}

    /**
     * Decides.
     *
     * @param held what this process holds, or null
     * @param askedNanos when the node was asked
     * @param overdue tells of an item, by its token, whether the process that holds its lease must be dead by now
     */
    static <V> Plan<V> of(
            Answer<V> answer, LocalEntry<V> held, long askedNanos, long nowNanos, Rules rules, LongPredicate overdue) {
        if (answer instanceof Found<V> found) {
            LocalEntry<V> entry = found.entry();
            boolean overtaken = held != null
                    && (held.isToReplace(found.token())
                            || (held.isHeldSince(askedNanos)
                                    && held.isNewerThan(entry)
                                    && !held.isOutdatedBy(found.token())));
            if (overtaken && held.isFresh(nowNanos)) {
                // It was loaded here while the node answered, or has yet to reach it.
                return new Serve<>(held, Source.MEMCACHED);
            }
            return found(found, held, nowNanos, rules, overdue);
        }
        if (answer instanceof NotFound<V> notFound) {
            return notFound(notFound, held, nowNanos, rules, overdue);
        }
        if (answer instanceof Later<V> later) {
            return later(later, held, nowNanos, rules);
        }
        return standIn(held, Hold.NONE, nowNanos, rules);
    }

    private static <V> Plan<V> found(
            Found<V> found, LocalEntry<V> held, long nowNanos, Rules rules, LongPredicate overdue) {
        LocalEntry<V> entry = found.entry();
        Hold hold = Hold.item(found.token());
        if (isUsable(held, nowNanos) && held.isSurelyNewerThan(entry)) {
            // The node missed what this process has seen since, being out of reach: time does not run backwards here.
            return behind(found, held, nowNanos, rules, overdue);
        }
        if (entry.isFresh(nowNanos) && !found.markedStale()) {
            boolean due = found.lease() != Lease.LOST && isDue(entry, nowNanos, rules);
            // Memcached gives the lease of an item near its end to one reader alone: if not to us, to nobody. But an
            // absence has no stale time, so that memcached takes it for near its end from the first moment.
            boolean chosen = found.lease() == Lease.WON && !entry.isAbsence();
            return due || chosen
                    ? new ServeAndRefresh<>(entry, Source.MEMCACHED, hold, turn(found.lease(), rules))
                    : new Serve<>(entry, Source.MEMCACHED);
        }
        if (entry.isAbsence() || !isUsable(entry, nowNanos)) {
            return new Load<>(null, null, hold, turn(found.lease(), found.token(), rules, overdue));
        }
        if (found.lease() != Lease.LOST) {
            return new Load<>(entry, null, hold, turn(found.lease(), rules));
        }
        return overdue.test(found.token())
                ? new Load<>(entry, null, hold, Turn.OVERDUE)
                : new Serve<>(entry, Source.STALE);
    }

    private static boolean isDue(LocalEntry<?> entry, long nowNanos, Rules rules) {
        return entry.ageNanos(nowNanos) >= rules.refreshAfterNanos()
                || (rules.early() != null && !entry.isAbsence() && entry.isDueEarly(nowNanos, rules.early()));
    }

    /** The node is behind what is held here. One process of the fleet brings it up to date. */
    private static <V> Plan<V> behind(
            Found<V> found, LocalEntry<V> held, long nowNanos, Rules rules, LongPredicate overdue) {
        Source source = held.isFresh(nowNanos) ? Source.FALLBACK : Source.STALE;
        if (found.lease() == Lease.LOST && !overdue.test(found.token())) {
            return new Serve<>(held, source);
        }
        Hold hold = Hold.item(found.token());
        Turn turn = found.lease() == Lease.LOST ? Turn.OVERDUE : turn(found.lease(), rules);
        return held.isFresh(nowNanos)
                ? new ServeAndRefresh<>(held, source, hold, turn)
                : new Load<>(held, null, hold, turn);
    }

    private static <V> Plan<V> notFound(
            NotFound<V> notFound, LocalEntry<V> held, long nowNanos, Rules rules, LongPredicate overdue) {
        Turn turn = notFound.placeholder()
                ? turn(notFound.lease(), rules)
                : turn(notFound.lease(), notFound.token(), rules, overdue);
        boolean onItsWay = held != null && held.isToReplace(notFound.token()) && held.isFresh(nowNanos);
        if (onItsWay && notFound.lease() != Lease.WON) {
            // The lease that another seems to have is this process's own, whose value has yet to reach the node.
            return new Serve<>(held, Source.MEMCACHED);
        }
        if (held != null && held.isOnlyHere() && held.isFresh(nowNanos)) {
            return held.ageNanos(nowNanos) >= rules.refreshAfterNanos()
                    ? new ServeAndRefresh<>(held, Source.FALLBACK, holdOf(notFound), turn)
                    : new Serve<>(held, Source.FALLBACK);
        }
        LocalEntry<V> lastResort = isUsable(held, nowNanos) ? held : null;
        return new Load<>(null, lastResort, holdOf(notFound), turn);
    }

    static Hold holdOf(NotFound<?> notFound) {
        if (notFound.lease() != Lease.WON) {
            // Not ours to give up, but to fill if its holder does not: whoever fills first has taken the lease over.
            return Hold.item(notFound.token());
        }
        return notFound.placeholder() ? Hold.lease(notFound.token()) : Hold.claim(notFound.token());
    }

    /**
     * For an item that stays where it is, and with it the lease of whoever won it and is dead, or won it when the item was good and
     * did not need it. A placeholder goes with its lease.
     */
    private static Turn turn(Lease lease, long token, Rules rules, LongPredicate overdue) {
        boolean taken = rules.leases() && lease == Lease.LOST;
        return taken && overdue.test(token) ? Turn.OVERDUE : turn(lease, rules);
    }

    private static Turn turn(Lease lease, Rules rules) {
        return rules.leases() ? turn(lease) : Turn.OURS;
    }

    static Turn turn(Lease lease) {
        return switch (lease) {
            case WON -> Turn.OURS;
            case LOST -> Turn.ANOTHERS;
            case NONE -> Turn.UNCLAIMED;
        };
    }

    /**
     * The node's value is not for us, and each process loads for itself. But the item tells of invalidations: what was loaded beside another
     * one may be from before.
     */
    private static <V> Plan<V> later(Later<V> later, LocalEntry<V> held, long nowNanos, Rules rules) {
        Hold hold = Hold.later(later.token(), later.writtenAtMillis());
        if (held != null && held.isLoadedBeside(later.token(), later.writtenAtMillis())) {
            return standIn(held, hold, nowNanos, rules);
        }
        return new Load<>(null, isUsable(held, nowNanos) ? held : null, hold, Turn.OURS);
    }

    /** Nothing is to be had from the node, so what this process holds stands in, if it may. */
    private static <V> Plan<V> standIn(LocalEntry<V> held, Hold hold, long nowNanos, Rules rules) {
        if (!isUsable(held, nowNanos)) {
            return new Load<>(null, null, hold, Turn.OURS);
        }
        if (!held.isFresh(nowNanos)) {
            return new ServeAndRefresh<>(held, Source.STALE, hold, Turn.OURS);
        }
        return held.ageNanos(nowNanos) >= rules.refreshBlindAfterNanos()
                ? new ServeAndRefresh<>(held, Source.FALLBACK, hold, Turn.OURS)
                : new Serve<>(held, Source.FALLBACK);
    }

    private static boolean isUsable(LocalEntry<?> held, long nowNanos) {
        return held != null && held.isUsable(nowNanos);
    }
}
