package io.levee.cache.internal.refill;

import java.util.concurrent.TimeUnit;

/**
 * How fast this process refills a node: so many values, and then a pause.
 *
 * <p>All processes together send a node at most {@value #MOST_A_SECOND} values a second: a small part of what a memcached takes,
 * beside the reads that it has to serve. Nobody counts the processes, but each has one connection, and the node counts those.
 *
 * @param values how many to send at once
 * @param pauseNanos how long to wait then
 */
record Pace(int values, long pauseNanos) {
    static final int MOST_A_SECOND = 10_000;

    /** Of one process, so that it does not notice the work itself. */
    static final int MOST_OF_ONE_A_SECOND = 2_000;

    private static final int STEPS_A_SECOND = 50;

    /** @param connections the node's, from all its clients; less than 1 if that is not known, and then this process is slow */
    static Pace beside(int connections) {
        double aSecond =
                Math.min(MOST_OF_ONE_A_SECOND, (double) MOST_A_SECOND / (connections < 1 ? 1_000 : connections));
        int values = Math.max(1, (int) (aSecond / STEPS_A_SECOND));
        return new Pace(values, (long) Math.ceil(values / aSecond * TimeUnit.SECONDS.toNanos(1)));
    }
}
