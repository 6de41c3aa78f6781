package io.levee.cache.internal.local;

/**
 * A value as this process holds it, with its times on this process's monotonic clock.
 *
 * <p>Immutable but for two marks that only ever make it serve a little more or less, so that a lost race is harmless: until
 * when it may be served without asking memcached, and whether memcached cannot hold it.
 */
public final class LocalEntry<V> {
    private final V value;
    private final long token;
    private final long writtenAtMillis;
    private final long writtenAtNanos;
    private final long freshUntilNanos;
    private final long staleUntilNanos;
    private final int weightBytes;
    private volatile long heldSinceNanos;
    private volatile long nearUntilNanos;
    private volatile boolean onlyHere;

    /**
     * An entry, held from now on.
     *
     * @param value null for a remembered absence
     * @param token memcached's for this version, or 0 if it was not read from there
     * @param writtenAtMillis when it was written, by the wall clock of who wrote it: with the token it names the version
     * @param writtenAtNanos the same moment on this process's clock
     * @param heldSinceNanos since when this process holds it
     * @param weightBytes the encoded bytes that count against the tier's bound
     */
    public LocalEntry(
            V value,
            long token,
            long writtenAtMillis,
            long writtenAtNanos,
            long freshUntilNanos,
            long staleUntilNanos,
            long heldSinceNanos,
            int weightBytes) {
        this.value = value;
        this.token = token;
        this.writtenAtMillis = writtenAtMillis;
        this.writtenAtNanos = writtenAtNanos;
        this.freshUntilNanos = freshUntilNanos;
        this.staleUntilNanos = staleUntilNanos;
        this.heldSinceNanos = heldSinceNanos;
        this.weightBytes = weightBytes;
        this.nearUntilNanos = heldSinceNanos;
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

    /** How long ago it ceased to be fresh; negative while it is. */
    public long overdueNanos(long nowNanos) {
        return nowNanos - freshUntilNanos;
    }

    public long ageNanos(long nowNanos) {
        return Math.max(0, nowNanos - writtenAtNanos);
    }

    public boolean isVersion(long otherToken, long otherWrittenAtMillis) {
        return token == otherToken && writtenAtMillis == otherWrittenAtMillis;
    }

    /** Whether it was written later, by the clocks of who wrote them. */
    public boolean isNewerThan(LocalEntry<V> other) {
        return writtenAtMillis > other.writtenAtMillis;
    }

    /**
     * Whether it was written later whichever of the two writers' clocks is ahead, as long as they differ by no more than {@link
     * Envelope#CLOCK_SKEW}.
     */
    public boolean isSurelyNewerThan(LocalEntry<?> other) {
        return writtenAtMillis - other.writtenAtMillis > Envelope.CLOCK_SKEW.toMillis();
    }

    /** Whether it came to this process at or after {@code nanos}. */
    public boolean isHeldSince(long nanos) {
        return heldSinceNanos - nanos >= 0;
    }

    /** It was loaded here, and its node has been told: who asks the node from now on is answered with it. */
    public void heldFrom(long nanos) {
        heldSinceNanos = nanos;
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

    int weightBytes() {
        return weightBytes;
    }
}
