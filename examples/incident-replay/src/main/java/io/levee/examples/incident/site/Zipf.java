package io.levee.examples.incident.site;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws ranks 0, 1, 2...: rank r comes up in proportion to 1 / (r + 1), as the pages of a site do. */
public final class Zipf {
    private final double[] cumulated;

    public Zipf(int ranks) {
        if (ranks < 1) {
            throw new IllegalArgumentException("ranks must be 1 or more, but is " + ranks);
        }
        cumulated = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1.0 / (rank + 1);
            cumulated[rank] = sum;
        }
    }

    public int draw(RandomGenerator random) {
        double point = random.nextDouble(cumulated[cumulated.length - 1]);
        int found = Arrays.binarySearch(cumulated, point);
        // A point between two sums is found as -(insertion point) - 1; one that equals a sum begins the next rank.
        return found < 0 ? -found - 1 : found + 1;
    }
}
