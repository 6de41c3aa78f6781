package io.levee.cache.internal.local;

import io.levee.cache.CacheSettings;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.EntryHeader.Kind;
import io.levee.cache.internal.entry.StoredEntry;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Turns values into the items that memcached holds and back, and puts their times on this process's clock.
 *
 * <p>Two processes' wall clocks differ. An entry from a clock that is ahead looks younger than it is; it is never taken for
 * fresh for longer than its writer said, counted from now.
 */
public final class Envelope<V> {
    /**
     * By how much the wall clocks of two processes may differ. What must hold although a clock is off holds up to here; beyond it a
     * value that should be refused can be taken for a newer one.
     */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(2);

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Encoded NOTHING = new Encoded(new byte[0], 0);

    private final Codec<V> codec;
    private final TimeSource time;
    private final long freshMillis;
    private final long absentMillis;
    private final double jitter;
    private final long staleNanos;
    private final long keptNanos;
    private final boolean refreshes;
    private final Duration dueWithin;
    private final long nearNanos;
    private final int schemaVersion;

    public Envelope(Codec<V> codec, CacheSettings settings, TimeSource time) {
        this.codec = codec;
        this.time = time;
        this.freshMillis = settings.expireAfterWrite().toMillis();
        this.absentMillis = settings.cacheAbsent().toMillis();
        this.jitter = settings.expiryJitter();
        this.staleNanos = settings.staleFor().toNanos();
        this.keptNanos = kept(settings).toNanos();
        this.refreshes = !settings.refreshAfterWrite().isZero();
        this.dueWithin = dueWithin(settings);
        this.nearNanos = settings.nearCache().toNanos();
        this.schemaVersion = settings.schemaVersion();
    }

    /**
     * A value of this process, ready for both tiers.
     *
     * @param data the item for memcached
     * @param ttl how long memcached is to hold it: fresh, and then stale; see {@link #dueWithin}
     * @param entry for the local tier
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Sealed<V>(byte[] data, Duration ttl, LocalEntry<V> entry) {}

    /**
     * A value of this process for memcached alone.
     *
     * @param ttl how long memcached is to hold it; may be over
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Item(byte[] data, Duration ttl) {}

    /** As {@link #seal(Object, long, long, long)}, for a value that may live for its full time. */
    public Sealed<V> seal(V value, long tookNanos, long generation) {
        return seal(value, tookNanos, generation, Long.MAX_VALUE);
    }

    /**
     * Makes an item of a value.
     *
     * @param value null for an absence
     * @param generation the cache's, as it was known when the load began: a value that was loaded before the cache was cleared
     *     must not look newer than that
     * @param longestMillis how long the item may live at most, fresh and stale together
     * @throws CodecException if the value's codec cannot encode it
     */
    public Sealed<V> seal(V value, long tookNanos, long generation, long longestMillis) {
        Encoded encoded = value == null ? NOTHING : codec.encode(value);
        long lifeMillis = Math.min(value == null ? absentMillis : freshMillis, longestMillis);
        long freshForMillis = lifeMillis
                - (long) (lifeMillis * jitter * ThreadLocalRandom.current().nextDouble());
        long nowMillis = time.millis();
        long nowNanos = time.nanos();
        EntryHeader header = new EntryHeader(
                value == null ? Kind.ABSENT : Kind.VALUE,
                encoded.flags(),
                nowMillis,
                freshForMillis,
                (int) Math.min(Integer.MAX_VALUE, tookNanos / NANOS_PER_MILLI),
                generation,
                schemaVersion);
        byte[] data = EntryFormat.encode(new StoredEntry(header, encoded));
        long freshUntilNanos = nowNanos + freshForMillis * NANOS_PER_MILLI;
        LocalEntry<V> entry = near(new LocalEntry<>(
                value,
                0,
                nowMillis,
                nowNanos,
                freshUntilNanos,
                freshUntilNanos + staleNanos,
                nowNanos,
                data.length,
                header.loadMillis()));
        // What was invalidated since the load began, it may not know.
        entry.confirmed(nowNanos - tookNanos);
        Duration ttl = value == null
                ? Duration.ofMillis(freshForMillis)
                : Duration.ofMillis(refreshes ? freshMillis : freshForMillis).plusNanos(keptNanos);
        return new Sealed<>(data, ttl.toMillis() < longestMillis ? ttl : Duration.ofMillis(longestMillis), entry);
    }

    /**
     * Makes an item anew of a value that is held here: as old as it is, and with the rest of its life.
     *
     * @param entry a value, no absence
     * @param generation the cache's, from before the entry was taken from the shelf
     * @throws CodecException if the value's codec cannot encode it
     */
    public Item sealAgain(LocalEntry<V> entry, long generation) {
        Encoded encoded = codec.encode(entry.value());
        long freshForMillis = (entry.freshUntilNanos() - entry.writtenAtNanos()) / NANOS_PER_MILLI;
        EntryHeader header = new EntryHeader(
                Kind.VALUE,
                encoded.flags(),
                entry.writtenAtMillis(),
                freshForMillis,
                entry.loadMillis(),
                generation,
                schemaVersion);
        long lifeMillis = refreshes ? Math.max(freshMillis, freshForMillis) : freshForMillis;
        long ageNanos = time.nanos() - entry.writtenAtNanos();
        return new Item(
                EntryFormat.encode(new StoredEntry(header, encoded)),
                Duration.ofMillis(lifeMillis).plusNanos(keptNanos - ageNanos));
    }

    /**
     * With less than this left to live in memcached, an item is to be loaded anew. Without refreshing that is when it ceases to be
     * fresh, which is at random a little before its full time; its life in memcached is shortened by as much. With refreshing
     * it is when it has reached the age for that, which its life must not hide by being shortened: an item that seems old from the
     * first moment would be refreshed for ever.
     */
    public static Duration dueWithin(CacheSettings settings) {
        if (settings.refreshAfterWrite().isZero()) {
            return kept(settings);
        }
        long fullMillis = settings.expireAfterWrite().toMillis();
        long dueAtMillis = Math.min(
                settings.refreshAfterWrite().toMillis(), settings.leastFresh().toMillis());
        return kept(settings).plusMillis(fullMillis - dueAtMillis);
    }

    /**
     * How long memcached keeps an item that is not fresh any more: for as long as it may be served, and for as long as a load may take,
     * or there would be nothing to hold the lease to replace it, nor a token to replace it by.
     */
    private static Duration kept(CacheSettings settings) {
        Duration lease = settings.lease().ttl();
        return settings.staleFor().compareTo(lease) > 0 ? settings.staleFor() : lease;
    }

    /**
     * The time to live of an item that must not be gone before {@code least} is over. If that is longer than its own, it is made long
     * enough for memcached not to take the item for near its end: the lease would go to a reader who finds it good and has no use for it.
     */
    public Duration outliving(Duration least, Duration ttl) {
        return ttl.compareTo(least) < 0 ? least.plus(dueWithin) : ttl;
    }

    /**
     * Whether the item is as good as not there: written before the cache was cleared, or by a release whose values mean something else.
     * That is no fault.
     *
     * @param generation the cache's, as it is known now
     */
    public boolean isPast(EntryHeader header, long generation) {
        return header.generation() < generation || header.schemaVersion() < schemaVersion;
    }

    /** Whether the item is of a later release than this process: not for us to read, nor to overwrite. */
    public boolean isOfLaterRelease(EntryHeader header) {
        return header.schemaVersion() > schemaVersion;
    }

    /** Memcached has nothing newer, so it need not be asked for it again for a while. */
    public void confirm(LocalEntry<V> held) {
        held.confirmed(time.nanos());
        near(held);
    }

    /**
     * Reads an item from memcached that is neither past nor of a later release. If {@code held} is the very version, it is returned and
     * nothing is decoded.
     *
     * @param header what {@link EntryFormat#header} made of the data
     * @throws CodecException if its value is not what the codec writes
     */
    public LocalEntry<V> open(byte[] data, EntryHeader header, long token, LocalEntry<V> held) {
        if (held != null && held.isVersion(token, header.writtenAtMillis())) {
            confirm(held);
            return held;
        }
        V value = header.kind() == Kind.ABSENT ? null : decode(data, header);
        long nowNanos = time.nanos();
        long ageNanos = Math.max(0, time.millis() - header.writtenAtMillis()) * NANOS_PER_MILLI;
        long writtenAtNanos = nowNanos - ageNanos;
        long freshUntilNanos = writtenAtNanos + header.freshForMillis() * NANOS_PER_MILLI;
        LocalEntry<V> entry = near(new LocalEntry<>(
                value,
                token,
                header.writtenAtMillis(),
                writtenAtNanos,
                freshUntilNanos,
                freshUntilNanos + staleNanos,
                nowNanos,
                data.length,
                header.loadMillis()));
        entry.confirmed(nowNanos);
        return entry;
    }

    private V decode(byte[] data, EntryHeader header) {
        V value = codec.decode(EntryFormat.payload(data, header));
        if (value == null) {
            throw new CodecException("the codec made null of it");
        }
        return value;
    }

    /** A value for those who wait for it alone: it could not be encoded, so no tier takes it. */
    public LocalEntry<V> unsealed(V value) {
        long nowNanos = time.nanos();
        return new LocalEntry<>(value, 0, time.millis(), nowNanos, nowNanos, nowNanos, nowNanos, 0);
    }

    /** It was confirmed or made just now, so it need not be asked for again for a while. */
    private LocalEntry<V> near(LocalEntry<V> entry) {
        if (nearNanos > 0) {
            entry.near(time.nanos() + nearNanos);
        }
        return entry;
    }
}
