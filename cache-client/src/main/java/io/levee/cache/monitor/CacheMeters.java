package io.levee.cache.monitor;

import io.levee.cache.CacheStats;
import io.levee.cache.ReadThroughCache;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToLongFunction;

/** The meters of one cache: those that every cache library has, by Micrometer's names, and Levee's own. */
final class CacheMeters implements AutoCloseable {
    private final ReadThroughCache<?, ?> cache;
    private final MeterSet meters;
    private final Timer loads;
    private final Timer failedLoads;

    CacheMeters(ReadThroughCache<?, ?> cache, MeterSet meters, Iterable<Tag> standardTags) {
        this.cache = cache;
        this.meters = meters;
        Tags own = Tags.of("cache", cache.name());
        standard(own.and(standardTags));
        served(own);
        loads(own);
        loads = loadDuration(own, "success");
        failedLoads = loadDuration(own, "failure");
    }

    private void standard(Tags tags) {
        count("cache.gets", null, "Lookups", tags.and("result", "hit"), CacheMeters::hits);
        count("cache.gets", null, "Lookups", tags.and("result", "miss"), CacheStats::misses);
        count("cache.puts", null, "Values that a node stored", tags, CacheStats::writes);
        count("cache.evictions", null, "Values that left this process for want of room", tags, CacheStats::evictions);
        meters.gauge(
                "cache.size",
                null,
                "Values that this process holds",
                tags,
                () -> cache.stats().localEntries());
    }

    private static long hits(CacheStats stats) {
        return stats.hits() + stats.nearHits() + stats.staleHits() + stats.fallbackHits();
    }

    private void served(Tags tags) {
        String described = "Lookups that were answered, by where the value came from";
        count("levee.served", "lookups", described, tags.and("source", "near"), CacheStats::nearHits);
        count("levee.served", "lookups", described, tags.and("source", "memcached"), CacheStats::hits);
        count("levee.served", "lookups", described, tags.and("source", "stale"), CacheStats::staleHits);
        count("levee.served", "lookups", described, tags.and("source", "fallback"), CacheStats::fallbackHits);
    }

    private void loads(Tags tags) {
        count("levee.loads", "loads", "Loads that ended", tags.and("result", "success"), CacheStats::loads);
        count("levee.loads", "loads", "Loads that ended", tags.and("result", "failure"), CacheStats::loadFailures);
        count("levee.loads.rejected", "loads", "Loads that did not start", tags, CacheStats::loadsRejected);
        count(
                "levee.coalesced",
                "lookups",
                "Misses that waited for another caller's load",
                tags,
                CacheStats::coalesced);
        count(
                "levee.lease.waits",
                "lookups",
                "Misses that waited for another process's load",
                tags,
                CacheStats::leaseWaits);
        count(
                "levee.write.failures",
                "values",
                "Values that a node should have stored and did not",
                tags,
                CacheStats::writeFailures);
        count(
                "levee.rounds.missed",
                "periods",
                "Periods of the periodic write-through that left keys out",
                tags,
                CacheStats::roundsMissed);
    }

    private Timer loadDuration(Tags tags, String result) {
        return meters.timer("levee.load.duration", "How long loaders ran", tags.and("result", result));
    }

    private void count(String name, String unit, String description, Tags tags, ToLongFunction<CacheStats> value) {
        meters.count(name, unit, description, tags, () -> value.applyAsLong(cache.stats()));
    }

    void loaded(Duration took) {
        loads.record(took);
    }

    void loadFailed(Duration took) {
        failedLoads.record(took);
    }

    @Override
    public void close() {
        meters.close();
    }
}
