package io.levee.examples.benchmarks;

/**
 * What one run of one contender came to.
 *
 * @param callsPerSecond of all callers together
 * @param p50Nanos of one call
 * @param p99Nanos of one call
 * @param bytesPerCall allocated by all threads of the process, those of the client's I/O included
 */
record Figures(double callsPerSecond, double p50Nanos, double p99Nanos, double bytesPerCall) {}
