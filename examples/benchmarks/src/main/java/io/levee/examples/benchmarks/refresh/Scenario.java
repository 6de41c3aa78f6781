package io.levee.examples.benchmarks.refresh;

import java.util.SplittableRandom;

/**
 * What the fleet has to do with. Times are in seconds.
 *
 * @param processes how many read
 * @param readsPerSecond of all together, at random moments (a Poisson stream), each by a random process
 * @param loadSeconds how long a load takes on average
 * @param sigma 0 for loads that all take as long; else the shape of a lognormal law with that mean
 */
record Scenario(int processes, double readsPerSecond, double loadSeconds, double sigma) {
    /** Short of reads the figures would be chance; with many, a few hundred periods say enough. */
    private static final double LEAST_READS = 20_000;

    private static final double LEAST_PERIODS = 200;

    double lengthSeconds() {
        return Math.max(LEAST_PERIODS * Simulation.FRESH, LEAST_READS / readsPerSecond);
    }

    double nextReadIn(SplittableRandom random) {
        return -Math.log(1 - random.nextDouble()) / readsPerSecond;
    }

    double nextLoadTakes(SplittableRandom random) {
        return sigma == 0 ? loadSeconds : loadSeconds * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    }
}
