package io.levee.cache.internal.transport;

import java.time.Duration;

/**
 * Memcached's seconds: the only place where a duration becomes an expiration.
 *
 * <p>Memcached takes up to 30 days for "from now" and anything larger for seconds since 1970 (protocol.txt, "Expiration
 * times"), and it keeps them in 32 bits. Zero means never and a negative number means at once, so neither is ever made from
 * a time to live, except that what lies past the last second that memcached can name becomes never.
 */
final class Expiration {
    /**
     * The last second that memcached can name, as a time and not a number of seconds from now: whatever has an end at all ends
     * before it.
     */
    static final long LAST_SECOND = Integer.MAX_VALUE;

    private static final long RELATIVE_MAX_SECONDS = 30L * 24 * 60 * 60;
    private static final long NEVER = 0;

    private Expiration() {}

    /**
     * Returns the number that memcached is to be told.
     *
     * @param ttl more than zero; rounded up to whole seconds, so that an item never ends before its time
     * @param nowMillis wall-clock time
     */
    static long seconds(Duration ttl, long nowMillis) {
        if (ttl.isZero() || ttl.isNegative()) {
            throw new IllegalArgumentException("time to live must be more than zero, but is " + ttl);
        }
        long seconds = ttl.getSeconds();
        if (ttl.getNano() > 0 && seconds < Long.MAX_VALUE) {
            seconds++;
        }
        if (seconds <= RELATIVE_MAX_SECONDS) {
            return seconds;
        }
        long nowSeconds = Math.floorDiv(nowMillis + 999, 1000L);
        return seconds > Integer.MAX_VALUE - nowSeconds ? NEVER : nowSeconds + seconds;
    }

    /** Returns a number of seconds from now, brought into the range in which memcached takes it for that. */
    static long relative(int seconds) {
        if (seconds < 1) {
            throw new IllegalArgumentException("seconds must be 1 or more, but are " + seconds);
        }
        return Math.min(seconds, RELATIVE_MAX_SECONDS);
    }
}
