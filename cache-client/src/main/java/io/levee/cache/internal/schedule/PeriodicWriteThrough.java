package io.levee.cache.internal.schedule;

import io.levee.cache.CacheSettings;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.internal.event.CacheEvents;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.read.Renewal;
import io.levee.cache.internal.read.Renewal.Result;
import io.levee.cache.internal.schedule.Agenda.Look;
import io.levee.cache.internal.schedule.Agenda.Standing;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.time.TimeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Recomputes keys of one cache on a period and writes them through, so that what is slow to load does not fall out of the cache. The
 * {@link Agenda} says when a key is to be looked at, the {@link Renewal} looks, and loads what is due; this is what sets them going.
 *
 * <p>All processes of a fleet do this, and each round of a key is loaded by one of them: whichever gets the key's lease. The others
 * find the new value in memcached, and keep it as their fallback. There is no process that does all, and so none whose death
 * stops anything.
 *
 * <p><b>Threads.</b> The timer's thread begins rounds and looks; what follows a look runs on the client's callback threads, and a loader
 * or a key supplier, which may block, on its loader threads. A look that takes long delays its own key alone, until as many are
 * under way as may be.
 */
public final class PeriodicWriteThrough<K> implements AutoCloseable {
    private final String cache;
    private final Duration period;
    private final Supplier<? extends Collection<? extends K>> keys;
    private final Agenda<K> agenda;
    private final Renewal<K, ?> renewal;
    private final CacheEvents events;
    private final HealthTracker health;
    private final ClientThreads threads;

    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile String keysTrouble;
    private volatile boolean paused;
    private volatile boolean closed;
    private Future<?> alarm;

    /**
     * Not started yet.
     *
     * @param keys asked at the begin of each round; may block
     * @param text a key's, the same in all processes
     */
    public PeriodicWriteThrough(
            CacheSettings settings,
            Supplier<? extends Collection<? extends K>> keys,
            Function<? super K, String> text,
            Renewal<K, ?> renewal,
            CacheEvents events,
            HealthTracker health,
            ClientThreads threads,
            TimeSource time) {
        this.cache = settings.name();
        this.period = settings.periodicWriteThrough();
        this.keys = keys;
        // Half of the permits are left to callers, who may come while these loads run.
        int atOnce = Math.max(1, settings.maxConcurrentLoads() / 2);
        this.agenda = new Agenda<>(period, settings.leastFresh(), atOnce, text, time, new SplittableRandom());
        this.renewal = renewal;
        this.events = events;
        this.health = health;
        this.threads = threads;
    }

    /** Begins with the first round, now. Does not block. */
    public void start() {
        Future<?> unused = threads.timer().after(0, this::round);
    }

    private void round() {
        if (closed) {
            return;
        }
        Future<?> unused = threads.timer().after(period.toNanos(), this::round);
        if (!paused) {
            begin();
        }
    }

    private void begin() {
        report(agenda.standing());
        if (asking.compareAndSet(false, true)) {
            threads.loaders().execute(this::askForKeys);
        } else {
            keysTrouble = "the key supplier has not answered since the round before";
        }
    }

    private void report(Standing standing) {
        String why = keysTrouble != null ? keysTrouble : standing.why();
        if (why == null) {
            health.roundsKept(cache);
            return;
        }
        events.roundMissed(standing.late(), standing.keys(), why);
        health.roundsMissed(
                cache, standing.late() + " of " + standing.keys() + " keys were not renewed in time: " + why);
    }

    /** A supplier that fails leaves the keys as they were. */
    private void askForKeys() {
        try {
            agenda.list(checked(keys.get()));
            keysTrouble = null;
        } catch (RuntimeException | Error e) {
            keysTrouble = "the key supplier failed: " + e;
        } finally {
            asking.set(false);
        }
        look();
    }

    private List<K> checked(Collection<? extends K> given) {
        List<K> all = new ArrayList<>(given);
        if (all.contains(null)) {
            throw new NullPointerException("a key is null");
        }
        if (all.size() > KeysReadPolicy.MOST_KEYS) {
            throw new IllegalArgumentException(all.size() + " keys, but " + KeysReadPolicy.MOST_KEYS + " are the most");
        }
        return all;
    }

    /** Makes the looks that are due, and sets the alarm for the next. */
    private void look() {
        // A look that is taken must be made, or its key is never looked at again.
        for (Look<K> due = next(); due != null; due = next()) {
            Look<K> look = due;
            // On another thread even if it is done at once: many such, one within the other, would overflow the stack.
            Future<?> unused = renewal.renew(look.key(), look.demand())
                    .whenCompleteAsync((result, never) -> done(look, result), threads.callbacks());
        }
        setAlarm();
    }

    private Look<K> next() {
        return closed || paused ? null : agenda.next();
    }

    private void done(Look<K> look, Result result) {
        agenda.done(look, result);
        look();
    }

    private synchronized void setAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
        long waitNanos = agenda.waitNanos();
        alarm = closed || paused || waitNanos == Long.MAX_VALUE
                ? null
                : threads.timer().after(waitNanos, this::look);
    }

    /**
     * Says how a key is kept warm; null if it is not.
     *
     * @param name the key's text
     */
    public String describe(String name) {
        String key = agenda.describe(name);
        return key == null ? null : "once in " + TimeText.brief(period) + ", " + key;
    }

    /** Begins no look until it is {@link #resume resumed}. Looks under way go on, and may load. Does not block. */
    public void pause() {
        paused = true;
        setAlarm();
    }

    /** Goes on, if it was paused, with what is due by now. Does not block. */
    public void resume() {
        if (paused && !closed) {
            // What was left out meanwhile is no missed round.
            agenda.forgive();
            paused = false;
            if (asking.compareAndSet(false, true)) {
                threads.loaders().execute(this::askForKeys);
            }
            setAlarm();
        }
    }

    /** Begins nothing any more. What is under way goes on. Does not block. */
    @Override
    public void close() {
        closed = true;
        setAlarm();
    }
}
