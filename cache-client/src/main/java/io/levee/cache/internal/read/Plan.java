package io.levee.cache.internal.read;

import io.levee.cache.Lookup.Source;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.write.WriteBack.Hold;

/**
 * What to do about a read, decided from what the node said and what this process holds. Deciding is here, and only here; doing
 * is {@link ReadPath}'s.
 */
sealed interface Plan<V> {
    /** Return the entry. */
    record Serve<V>(LocalEntry<V> entry, Source source) implements Plan<V> {}

    /** Return the entry, and load it anew behind the caller's back. */
    record ServeAndRefresh<V>(LocalEntry<V> entry, Source source, Hold hold) implements Plan<V> {}

    /**
     * Load.
     *
     * @param stale may be served instead to a caller who is not the one to load, or whose load does not come; or null
     * @param lastResort may be served instead only if the load fails: memcached knows of no value, so another process may have
     *     invalidated it; or null
     * @param awaitsLease whether another process is loading it, and is to be waited for
     */
    record Load<V>(LocalEntry<V> stale, LocalEntry<V> lastResort, Hold hold, boolean awaitsLease) implements Plan<V> {
        /** What is better than an exception, or null. */
        LocalEntry<V> spare() {
            return stale != null ? stale : lastResort;
        }

        /** Whether the node could not be asked, so that whatever this process holds is the best there is. */
        boolean isBlind() {
            return hold.equals(Hold.NONE) && !awaitsLease;
        }
    }

    /**
     * The settings that decide.
     *
     * @param refreshAfterNanos a fresh entry older than this is refreshed; Long.MAX_VALUE for off
     * @param leaseNanos for how long a lost lease is believed
     */
    record Rules(long refreshAfterNanos, long leaseNanos) {}

    /**
     * Decides.
     *
     * @param held what this process holds, or null
     */
    static <V> Plan<V> of(Answer<V> answer, LocalEntry<V> held, long nowNanos, Rules rules) {
        if (answer instanceof Found<V> found) {
            return found(found, nowNanos, rules);
        }
        if (answer instanceof NotFound<V> notFound) {
            return notFound(notFound, held, nowNanos);
        }
        return unreachable(held, nowNanos, rules);
    }

    private static <V> Plan<V> found(Found<V> found, long nowNanos, Rules rules) {
        LocalEntry<V> entry = found.entry();
        Hold hold = Hold.item(found.token());
        if (entry.isFresh(nowNanos) && !found.markedStale()) {
            boolean due = entry.ageNanos(nowNanos) >= rules.refreshAfterNanos() && found.lease() != Lease.LOST;
            // Memcached gives the lease of an item near its end to one reader alone: if not to us, to nobody. But an
            // absence
            // has no stale time, so that memcached takes it for near its end from the first moment.
            boolean chosen = found.lease() == Lease.WON && !entry.isAbsence();
            return due || chosen
                    ? new ServeAndRefresh<>(entry, Source.MEMCACHED, hold)
                    : new Serve<>(entry, Source.MEMCACHED);
        }
        if (entry.isAbsence() || !(entry.isStale(nowNanos) || entry.isFresh(nowNanos))) {
            return new Load<>(null, null, hold, false);
        }
        // The holder of a stale item's lease may have died, and memcached would not tell: a lease is believed for its
        // time.
        if (found.lease() == Lease.LOST && entry.overdueNanos(nowNanos) < rules.leaseNanos()) {
            return new Serve<>(entry, Source.STALE);
        }
        return new Load<>(entry, null, hold, false);
    }

    private static <V> Plan<V> notFound(NotFound<V> notFound, LocalEntry<V> held, long nowNanos) {
        if (held != null && held.isOnlyHere() && held.isFresh(nowNanos)) {
            return new Serve<>(held, Source.FALLBACK);
        }
        LocalEntry<V> lastResort = isUsable(held, nowNanos) ? held : null;
        return new Load<>(null, lastResort, holdOf(notFound), notFound.lease() == Lease.LOST);
    }

    static Hold holdOf(NotFound<?> notFound) {
        return switch (notFound.lease()) {
            case WON -> Hold.lease(notFound.token());
            // Not ours to give up, but to fill if its holder does not: whoever fills first takes the lease over.
            case LOST -> Hold.item(notFound.token());
            // Leases are off; or what is there is not a value of ours, and is to be replaced.
            case NONE -> notFound.token() == 0 ? Hold.FREE : Hold.item(notFound.token());
        };
    }

    private static <V> Plan<V> unreachable(LocalEntry<V> held, long nowNanos, Rules rules) {
        if (!isUsable(held, nowNanos)) {
            return new Load<>(null, null, Hold.NONE, false);
        }
        if (!held.isFresh(nowNanos)) {
            return new ServeAndRefresh<>(held, Source.STALE, Hold.NONE);
        }
        return held.ageNanos(nowNanos) >= rules.refreshAfterNanos()
                ? new ServeAndRefresh<>(held, Source.FALLBACK, Hold.NONE)
                : new Serve<>(held, Source.FALLBACK);
    }

    private static boolean isUsable(LocalEntry<?> held, long nowNanos) {
        return held != null && (held.isFresh(nowNanos) || held.isStale(nowNanos));
    }
}
