package io.levee.cache.internal.local;

import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;

/**
 * A value as this process holds it, with its times on this process's monotonic clock.
 *
 * <p>Immutable but for a few marks that only ever make it serve a little more or less, so that a lost race is harmless: until
 * when it may be served without asking memcached, when it was confirmed last, and whether memcached cannot hold it.
 */
public final class LocalEntry<V> {
    /** In place of the time at which a later release wrote an item: there is none. */
    public static final long NOT_BESIDE = -1;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int EARLIEST_PART = 10;
    private static final int UNCONFIRMED = Integer.MIN_VALUE;

    private final V value;
    private final long token;
    private final long writtenAtMillis;
    private final long writtenAtNanos;
    private final long freshUntilNanos;
    private final long staleUntilNanos;
    private final int weightBytes;
    private final int loadMillis;
    /** Seconds, lest each hit write what all readers read. */
    private volatile int confirmedSeconds = UNCONFIRMED;

    private volatile long loadedUnder;
    private volatile long besideMillis = NOT_BESIDE;
    private volatile long heldSinceNanos;
    private volatile long nearUntilNanos;
    private volatile boolean onlyHere;
    private volatile CompletableFuture<Void> arrival;

    /**
     * An entry, held from now on.
     *
     * @param value null for a remembered absence
     * @param token memcached's for this version, or 0 if it was not read from there
     * @param writtenAtMillis when it was written, by the wall clock of who wrote it: with the token it names the version
     * @param writtenAtNanos the same moment on this process's clock
     * @param heldSinceNanos since when this process holds it
     * @param weightBytes the encoded bytes that count against the tier's bound
     * @param loadMillis how long the load took; 0 if it was not loaded
     */
    public LocalEntry(
            V value,
            long token,
            long writtenAtMillis,
            long writtenAtNanos,
            long freshUntilNanos,
            long staleUntilNanos,
            long heldSinceNanos,
            int weightBytes,
            int loadMillis) {
        this.value = value;
        this.token = token;
        this.writtenAtMillis = writtenAtMillis;
        this.writtenAtNanos = writtenAtNanos;
        this.freshUntilNanos = freshUntilNanos;
        this.staleUntilNanos = staleUntilNanos;
        this.heldSinceNanos = heldSinceNanos;
        this.weightBytes = weightBytes;
        this.nearUntilNanos = heldSinceNanos;
        this.loadMillis = loadMillis;
    }

    /** One that was not loaded. */
    public LocalEntry(
            V value,
            long token,
            long writtenAtMillis,
            long writtenAtNanos,
            long freshUntilNanos,
            long staleUntilNanos,
            long heldSinceNanos,
            int weightBytes) {
        this(
                value,
                token,
                writtenAtMillis,
                writtenAtNanos,
                freshUntilNanos,
                staleUntilNanos,
                heldSinceNanos,
                weightBytes,
                0);
    }

    public V value() {
        return value;
    }

    public boolean isAbsence() {
        return value == null;
    }

    public boolean isFresh(long nowNanos) {
        return nowNanos - freshUntilNanos < 0;
    }

    /** Past its freshness, but still better than nothing. An absence is never: a value may have appeared since. */
    public boolean isStale(long nowNanos) {
        return !isFresh(nowNanos) && nowNanos - staleUntilNanos < 0 && value != null;
    }

    /** Fresh, or stale. */
    public boolean isUsable(long nowNanos) {
        return isFresh(nowNanos) || isStale(nowNanos);
    }

    /**
     * Whether to load it anew although it is fresh, by chance, which grows towards its end with the time that its load takes: XFetch
     * (Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", 2015) with beta 1, and within the
     * last tenth of its life only.
     *
     * @param draw more than 0 and at most 1; drawn only when it matters
     */
    public boolean isDueEarly(long nowNanos, DoubleSupplier draw) {
        long leftNanos = freshUntilNanos - nowNanos;
        if (loadMillis == 0 || leftNanos > (freshUntilNanos - writtenAtNanos) / EARLIEST_PART) {
            return false;
        }
        return -Math.log(draw.getAsDouble()) * loadMillis * NANOS_PER_MILLI >= leftNanos;
    }

    /** How long ago it ceased to be fresh; negative while it is. */
    public long overdueNanos(long nowNanos) {
        return nowNanos - freshUntilNanos;
    }

    public long ageNanos(long nowNanos) {
        return Math.max(0, nowNanos - writtenAtNanos);
    }

    /** Whether it is what was written at that moment, by the clock of who wrote it. */
    public boolean wasWrittenAt(long millis) {
        return writtenAtMillis == millis;
    }

    public boolean isVersion(long otherToken, long otherWrittenAtMillis) {
        return token == otherToken && writtenAtMillis == otherWrittenAtMillis;
    }

    /**
     * Whether its load began later, by the clocks of who loaded them. Not whether it was written later: a slow load may bring what
     * was true long before.
     */
    public boolean isNewerThan(LocalEntry<V> other) {
        return loadedAtMillis() > other.loadedAtMillis();
    }

    /**
     * Whether its load began later whichever of the two writers' clocks is ahead, as long as they differ by no more than {@link
     * Envelope#CLOCK_SKEW}.
     */
    public boolean isSurelyNewerThan(LocalEntry<?> other) {
        return loadedAtMillis() - other.loadedAtMillis() > Envelope.CLOCK_SKEW.toMillis();
    }

    /** When its load began, by the clock of who loaded it. */
    public long loadedAtMillis() {
        return writtenAtMillis - loadMillis;
    }

    /** Whether it was known to be what memcached has, or should have, at or after {@code nanos}; to the second. */
    public boolean isConfirmedSince(long nanos) {
        int seconds = confirmedSeconds;
        return seconds != UNCONFIRMED && seconds - (int) Math.floorDiv(nanos, NANOS_PER_SECOND) >= 0;
    }

    /** Memcached has it as of now, or it was loaded from then on. */
    public void confirmed(long nanos) {
        int seconds = (int) Math.floorDiv(nanos, NANOS_PER_SECOND);
        if (confirmedSeconds != seconds) {
            confirmedSeconds = seconds;
        }
    }

    /** Memcached has something newer. */
    public void unconfirmed() {
        confirmedSeconds = UNCONFIRMED;
    }

    /** Whether it came to this process at or after {@code nanos}. */
    public boolean isHeldSince(long nanos) {
        return heldSinceNanos - nanos >= 0;
    }

    /**
     * It was loaded here.
     *
     * @param itemToken of the item that it was loaded to replace, or beside one of a later release; or 0
     * @param laterMillis when the later release wrote that item, or {@link #NOT_BESIDE}
     */
    public void heldFrom(long nanos, long itemToken, long laterMillis) {
        loadedUnder = itemToken;
        besideMillis = laterMillis;
        heldSinceNanos = nanos;
    }

    /** From now on its node is being told, which may take a while: who asks there meanwhile may still find what was there before. */
    public void onItsWay() {
        arrival = new CompletableFuture<>();
    }

    /** Its node has answered, or will not: who asks there from now on is not answered with what was there before. */
    public void arrived(long nanos) {
        CompletableFuture<Void> arriving = arrival;
        if (arriving != null) {
            // In this order: a reader that asked before sees one of the two.
            heldSinceNanos = nanos;
            arrival = null;
            arriving.complete(null);
        }
    }

    /** When it has {@link #arrived}, or null if it is not on its way. */
    public CompletableFuture<Void> arrival() {
        return arrival;
    }

    /**
     * Whether the item of this token is the one that it was loaded to replace, and its node is still being told. Nothing has happened to
     * the key since its load began.
     */
    public boolean isToReplace(long itemToken) {
        return arrival != null && loadedUnder == itemToken;
    }

    /**
     * Whether the item of this token was made after the load of this value had begun, or after the item that it was read from. Then
     * another process may have invalidated the key in between, however late the load came to its end. Memcached's tokens grow.
     */
    public boolean isOutdatedBy(long itemToken) {
        long known = loadedUnder != 0 ? loadedUnder : token;
        return known != 0 && Long.compareUnsigned(itemToken, known) > 0;
    }

    /**
     * Whether it was loaded while the node had that very item of a later release. As long as the node still has it, nobody has invalidated
     * the key since, and the value is as good as on the day it was loaded.
     */
    public boolean isLoadedBeside(long itemToken, long laterMillis) {
        return besideMillis == laterMillis && loadedUnder == itemToken && laterMillis != NOT_BESIDE;
    }

    public boolean isNear(long nowNanos) {
        return nowNanos - nearUntilNanos < 0 && nowNanos - freshUntilNanos < 0;
    }

    /** Memcached has just confirmed it: it may be served without asking again until then. */
    public void near(long untilNanos) {
        nearUntilNanos = untilNanos;
    }

    /** Its node has refused it for something newer: whoever wants it asks there first. */
    public void notNear() {
        nearUntilNanos = heldSinceNanos;
    }

    /** Whether its node could not take it for its size, so that a miss there says nothing. */
    public boolean isOnlyHere() {
        return onlyHere;
    }

    public void onlyHere() {
        onlyHere = true;
    }

    long token() {
        return token;
    }

    long writtenAtMillis() {
        return writtenAtMillis;
    }

    long writtenAtNanos() {
        return writtenAtNanos;
    }

    long freshUntilNanos() {
        return freshUntilNanos;
    }

    int loadMillis() {
        return loadMillis;
    }

    int weightBytes() {
        return weightBytes;
    }
}
