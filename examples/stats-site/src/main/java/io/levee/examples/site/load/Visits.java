package io.levee.examples.site.load;

import io.levee.examples.site.projects.Category;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Where visitors go: three of four to a project, and to few projects far more than to most (Zipf's law); one of five to the public
 * stats; the others to the front page.
 */
final class Visits {
    /** For each project, how likely it is that a visit goes to it or to one before it. */
    private final double[] upTo;

    Visits(int projects) {
        upTo = new double[projects];
        double sum = 0;
        for (int i = 0; i < projects; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
        for (int i = 0; i < projects; i++) {
            upTo[i] /= sum;
        }
    }

    /** The path of the next visit. */
    String next(RandomGenerator random) {
        double kind = random.nextDouble();
        if (kind < 0.75) {
            return "/projects/" + project(random.nextDouble());
        }
        if (kind < 0.95) {
            Category[] categories = Category.values();
            return "/stats/" + categories[random.nextInt(categories.length)].slug();
        }
        return "/";
    }

    private int project(double chance) {
        int found = Arrays.binarySearch(upTo, chance);
        return 1 + Math.min(upTo.length - 1, found >= 0 ? found : -found - 1);
    }
}
