package io.levee.examples.benchmarks.refresh;

/**
 * When a fleet loads a value anew. Times are in seconds.
 *
 * @param staleFor how long an expired value may be served while it is being loaded
 * @param refreshAfter the age from which a hit is refreshed behind the caller; infinite for never
 * @param beta XFetch's: a hit is refreshed if now - load time * beta * ln(random) is past its end; 0 for never
 * @param most the earliest that XFetch may come, as a share of the time for which the value is fresh
 * @param asksForExpired whether a lease is asked for an expired value that is still on the node and may not be served, as for one
 *     that is gone; and memcached is told to keep items for a second longer, since it may drop them up to a second early
 */
record Rule(String name, double staleFor, double refreshAfter, double beta, double most, boolean asksForExpired) {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    static Rule atTheEnd(String name, double staleFor) {
        return new Rule(name, staleFor, NEVER, 0, 0, false);
    }

    static Rule refreshAfter(String name, double staleFor, double age) {
        return new Rule(name, staleFor, age, 0, 0, false);
    }

    static Rule xfetch(String name, double staleFor, double most) {
        return new Rule(name, staleFor, NEVER, 1, most, false);
    }

    Rule askingForExpired(String newName) {
        return new Rule(newName, staleFor, refreshAfter, beta, most, true);
    }
}
