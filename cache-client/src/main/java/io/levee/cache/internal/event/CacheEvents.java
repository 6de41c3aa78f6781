package io.levee.cache.internal.event;

import io.levee.cache.CacheStats;
import io.levee.cache.Lookup;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one port that the stages of a cache emit to. It counts, and passes on what a listener hears; the stages themselves
 * neither count nor log.
 */
public final class CacheEvents {
    private final String cache;
    private final CacheListener listener;

    private final LongAdder hits = new LongAdder();
    private final LongAdder nearHits = new LongAdder();
    private final LongAdder staleHits = new LongAdder();
    private final LongAdder fallbackHits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadFailures = new LongAdder();
    private final LongAdder loadsRejected = new LongAdder();
    private final LongAdder coalesced = new LongAdder();
    private final LongAdder leaseWaits = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder writeFailures = new LongAdder();
    private final LongAdder roundsMissed = new LongAdder();

    public CacheEvents(String cache, CacheListener listener) {
        this.cache = cache;
        this.listener = listener;
    }

    /** A lookup was answered by a tier; {@code source} names the tier, for a remembered absence too. */
    public void served(Lookup.Source source) {
        switch (source) {
            case NEAR -> nearHits.increment();
            case MEMCACHED -> hits.increment();
            case STALE -> staleHits.increment();
            case FALLBACK -> fallbackHits.increment();
            case LOADED, ABSENT -> misses.increment();
        }
    }

    /** A lookup was not answered by any tier, whatever came of it then. */
    public void missed() {
        misses.increment();
    }

    public void coalesced() {
        coalesced.increment();
    }

    public void leaseWaited() {
        leaseWaits.increment();
    }

    public void loaded(Object key, long tookNanos) {
        loads.increment();
        listener.loaded(cache, String.valueOf(key), Duration.ofNanos(tookNanos));
    }

    public void loadFailed(Object key, Throwable cause, long tookNanos) {
        loadFailures.increment();
        listener.loadFailed(cache, String.valueOf(key), cause, Duration.ofNanos(tookNanos));
    }

    public void loadRejected(Object key, int running) {
        loadsRejected.increment();
        listener.loadRejected(cache, String.valueOf(key), running);
    }

    public void undecodable(Object key, String reason) {
        listener.undecodable(cache, String.valueOf(key), reason);
    }

    public void written() {
        writes.increment();
    }

    public void valueTooLarge(Object key, int bytes, int limitBytes) {
        writeFailures.increment();
        listener.valueTooLarge(cache, String.valueOf(key), bytes, limitBytes);
    }

    public void writeFailed(Object key, String reason) {
        writeFailures.increment();
        listener.writeFailed(cache, String.valueOf(key), reason);
    }

    public void roundMissed(int late, int of, String reason) {
        roundsMissed.increment();
        listener.roundMissed(cache, late, of, reason);
    }

    /**
     * What was counted here, and what the local tier counts.
     *
     * @param localEntries held now
     */
    public CacheStats snapshot(long evictions, long localEntries) {
        return new CacheStats(
                hits.sum(),
                nearHits.sum(),
                staleHits.sum(),
                fallbackHits.sum(),
                misses.sum(),
                loads.sum(),
                loadFailures.sum(),
                loadsRejected.sum(),
                coalesced.sum(),
                leaseWaits.sum(),
                writes.sum(),
                writeFailures.sum(),
                evictions,
                localEntries,
                roundsMissed.sum());
    }
}
