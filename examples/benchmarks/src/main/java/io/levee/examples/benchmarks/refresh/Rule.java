package io.levee.examples.benchmarks.refresh;

/**
 * When a fleet loads a value anew. Times are in seconds.
 *
 * @param staleFor how long an expired value may be served while it is being loaded
 * @param refreshAfter the age from which a hit is refreshed behind the caller; infinite for never
 * @param beta XFetch's: a hit is refreshed if now - load time * beta * ln(random) is past its end; 0 for never
 * @param most the earliest that XFetch may come, as a share of the time for which the value is fresh
 * @param asks whether who finds a value that is to be loaded anew, and no word about its lease, asks for the lease and goes by the
 *     answer. Else it loads: memcached counts whole seconds, and may offer the lease a second or two later than it is due. Also
 *     has memcached keep an expired value for as long as a lease holds, so that there is something to ask for
 */
record Rule(String name, double staleFor, double refreshAfter, double beta, double most, boolean asks) {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    static Rule atTheEnd(String name, double staleFor) {
        return new Rule(name, staleFor, NEVER, 0, 0, false);
    }

    static Rule refreshAfter(String name, double staleFor, double age) {
        return new Rule(name, staleFor, age, 0, 0, false);
    }

    static Rule xfetch(String name, double staleFor, double most) {
        return new Rule(name, staleFor, NEVER, 1, most, true);
    }

    Rule asking() {
        return new Rule(name + ", asks", staleFor, refreshAfter, beta, most, true);
    }
}
