package io.levee.cache;

/**
 * What one cache has done since it was built: a snapshot, not exact while calls are under way.
 *
 * <p>Each lookup ({@code get}, {@code getAsync}, {@code peek}, {@code peekLookup}, {@code lookup}, and each key of a {@code getAll}) counts as exactly one of {@code hits}, {@code
 * nearHits}, {@code staleHits}, {@code fallbackHits} and {@code misses}.
 *
 * @param hits answered by memcached with a fresh value
 * @param nearHits answered by this process, without asking memcached
 * @param staleHits answered with a value past its freshness, from memcached or from this process
 * @param fallbackHits answered by this process with a fresh value, because the key's node could not be asked
 * @param misses not answered by any tier: these loaded, waited for a load, or failed
 * @param loads calls of a loader that ended well, with a value or with null; a bulk loader's call is one, whatever its keys
 * @param loadFailures calls of a loader, or of a bulk loader, that ended with an exception
 * @param loadsRejected loads that did not start because the bound was reached
 * @param coalesced misses that waited for another caller's load of the same key
 * @param leaseWaits misses that waited for another process's load of the same key
 * @param writes values that a node stored
 * @param writeFailures values that a node should have stored and did not
 * @param evictions values that left this process for want of room; the room is shared by all caches of the client
 * @param localEntries values that this process holds now, of whatever age
 * @param roundsMissed periods of the periodic write-through in which keys were left out that had to be renewed
 */
public record CacheStats(
        long hits,
        long nearHits,
        long staleHits,
        long fallbackHits,
        long misses,
        long loads,
        long loadFailures,
        long loadsRejected,
        long coalesced,
        long leaseWaits,
        long writes,
        long writeFailures,
        long evictions,
        long localEntries,
        long roundsMissed) {}
