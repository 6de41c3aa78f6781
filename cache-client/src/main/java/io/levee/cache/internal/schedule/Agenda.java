package io.levee.cache.internal.schedule;

import io.levee.cache.internal.read.Renewal.Demand;
import io.levee.cache.internal.read.Renewal.Result;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.time.TimeText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * When each key is to be looked at. It is told the time and what came of each look, and starts nothing itself.
 *
 * <p>A key's rounds begin one period apart, at a phase of the period that its text gives: by the wall clock, so that all processes
 * count the same rounds, and spread over the period, so that they are no burst. A process looks at a key once in each of its rounds, up
 * to a tenth of a period after the round has begun, at random, so that not all processes ask for the lease at once. What is written
 * in a round is good until the next; so it does not matter which process wrote it, nor when.
 *
 * <p>Waiting is counted on the monotonic clock: a wall clock that is set back skips no round of its process.
 *
 * <p>Thread-safe: one lock, which is held for a few steps, or for one walk over the keys once a period, and calls nothing.
 */
final class Agenda<K> {
    private static final double LOOK_WITHIN = 0.1;
    private static final int MOST_ROUNDS_SKIPPED = 8;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long periodMillis;
    private final long blindAgeNanos;
    private final long lookAgainMillis;
    private final int atOnce;
    private final Function<? super K, String> text;
    private final TimeSource time;
    private final RandomGenerator random;

    private final Map<String, Entry<K>> entries = new HashMap<>();
    private final PriorityQueue<Entry<K>> queue =
            new PriorityQueue<>((one, other) -> Long.signum(one.dueNanos - other.dueNanos));
    private int running;

    /**
     * An agenda without keys.
     *
     * @param period of the rounds
     * @param life for how long a value is fresh at least
     * @param atOnce how many looks may be under way
     * @param text the key's, the same in all processes
     */
    Agenda(
            Duration period,
            Duration life,
            int atOnce,
            Function<? super K, String> text,
            TimeSource time,
            RandomGenerator random) {
        this.periodMillis = period.toMillis();
        // The last look before the value would cease to be fresh: looks are a period apart, and up to a tenth late.
        this.blindAgeNanos = life.toNanos() - (long) (period.toNanos() * (1 + LOOK_WITHIN));
        this.lookAgainMillis = Math.max(10, Math.min(1_000, periodMillis / 10));
        this.atOnce = atOnce;
        this.text = text;
        this.time = time;
        this.random = random;
    }

    private static final class Entry<K> {
        final K key;
        final long phaseMillis;
        long dueNanos;
        long lastCurrentRound;
        long loadAgainRound = Long.MIN_VALUE;
        int failures;
        boolean listed = true;
        boolean looking;
        Result last = Result.CURRENT;

        Entry(K key, long phaseMillis) {
            this.key = key;
            this.phaseMillis = phaseMillis;
        }
    }

    /**
     * A look that is to be made now.
     *
     * @param entry the agenda's own
     */
    record Look<K>(K key, Demand demand, Object entry) {}

    /** From now on it is about these keys. Those that are new are looked at at once. */
    void list(Collection<? extends K> keys) {
        // Named before anything is changed, and outside the lock: the text may be the application's to give.
        Map<String, K> named = new HashMap<>();
        for (K key : keys) {
            named.putIfAbsent(text.apply(key), key);
        }
        list(named);
    }

    private synchronized void list(Map<String, K> named) {
        named.forEach((name, key) -> {
            if (!entries.containsKey(name)) {
                Entry<K> entry = new Entry<>(key, phase(name));
                // One that is found missing has not missed a round.
                entry.lastCurrentRound = round(entry);
                entries.put(name, entry);
                enqueue(entry, 0);
            }
        });
        entries.entrySet().removeIf(each -> {
            boolean gone = !named.containsKey(each.getKey());
            each.getValue().listed = !gone;
            return gone;
        });
    }

    /** The next look if one is due and may begin, or null. Whoever makes it says how it went. */
    synchronized Look<K> next() {
        while (running < atOnce && !queue.isEmpty() && queue.peek().dueNanos - time.nanos() <= 0) {
            Entry<K> entry = queue.poll();
            if (entry.listed) {
                running++;
                entry.looking = true;
                return new Look<>(entry.key, demand(entry), entry);
            }
        }
        return null;
    }

    private Demand demand(Entry<K> entry) {
        long roundMillis = Math.floorMod(time.millis() - entry.phaseMillis, periodMillis);
        return new Demand(
                time.nanos() - roundMillis * NANOS_PER_MILLI, blindAgeNanos, round(entry) >= entry.loadAgainRound);
    }

    @SuppressWarnings("unchecked") // a look's entry is of this agenda
    synchronized void done(Look<K> look, Result result) {
        Entry<K> entry = (Entry<K>) look.entry();
        running--;
        entry.looking = false;
        entry.last = result;
        long round = round(entry);
        if (result == Result.CURRENT) {
            entry.failures = 0;
            entry.lastCurrentRound = round;
        } else if (result == Result.FAILED) {
            entry.loadAgainRound = round + Math.min(MOST_ROUNDS_SKIPPED, 1L << Math.min(entry.failures++, 30));
        }
        if (entry.listed) {
            enqueue(entry, result == Result.UNDER_WAY ? lookAgainMillis : untilNextRound(entry));
        }
    }

    /** How long until a look is due, in nanoseconds; Long.MAX_VALUE while none is, or none may begin. */
    synchronized long waitNanos() {
        return running >= atOnce || queue.isEmpty()
                ? Long.MAX_VALUE
                : Math.max(0, queue.peek().dueNanos - time.nanos());
    }

    /**
     * How the keys stand.
     *
     * @param late keys that were not brought up to date in a whole round
     * @param why of one of them, or null
     */
    record Standing(int keys, int late, String why) {}

    /** Walks over all keys. */
    synchronized Standing standing() {
        int late = 0;
        Entry<K> example = null;
        for (Entry<K> entry : entries.values()) {
            if (entry.lastCurrentRound < round(entry) - 1) {
                late++;
                example = entry;
            }
        }
        return new Standing(entries.size(), late, example == null ? null : why(example));
    }

    /** Nothing was to be looked at until now: no key has missed a round. */
    synchronized void forgive() {
        for (Entry<K> entry : entries.values()) {
            entry.lastCurrentRound = Math.max(entry.lastCurrentRound, round(entry) - 1);
        }
    }

    /** How a key is kept warm, in words; null if it is not. */
    synchronized String describe(String name) {
        Entry<K> entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        long missed = round(entry) - entry.lastCurrentRound - 1;
        return (entry.looking
                        ? "being looked at now"
                        : "next look in " + TimeText.brief(Math.max(0, entry.dueNanos - time.nanos())))
                + (missed > 0 ? "; not renewed in " + missed + " rounds: " + why(entry) : "");
    }

    private static String why(Entry<?> entry) {
        if (entry.looking) {
            return "a load has not come to its end, or no load permit came free for it";
        }
        return switch (entry.last) {
            case FAILED, DUE -> "the loader fails";
            case UNDER_WAY -> "another process has not finished loading";
            case CURRENT -> "its turn did not come: nodes or loads take too long for so many keys";
        };
    }

    private void enqueue(Entry<K> entry, long afterMillis) {
        long spreadMillis = Math.min(afterMillis, periodMillis);
        entry.dueNanos = time.nanos()
                + afterMillis * NANOS_PER_MILLI
                + (long) (spreadMillis * NANOS_PER_MILLI * LOOK_WITHIN * random.nextDouble());
        queue.add(entry);
    }

    private long untilNextRound(Entry<K> entry) {
        return periodMillis - Math.floorMod(time.millis() - entry.phaseMillis, periodMillis);
    }

    private long round(Entry<K> entry) {
        return Math.floorDiv(time.millis() - entry.phaseMillis, periodMillis);
    }

    /** Texts that differ in one character get phases far apart (the finaliser of MurmurHash3, by Austin Appleby). */
    private long phase(String name) {
        int hash = name.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        hash ^= hash >>> 16;
        return (long) (periodMillis * ((hash & 0xFFFFFFFFL) / (double) (1L << 32)));
    }
}
