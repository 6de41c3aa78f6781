package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of a plot's vertical axis: its ends, its ticks, and where between the ends a value lies.
 *
 * @param ticks the values that get a label
 */
record Scale(double low, double high, boolean logarithmic, List<Double> ticks) {
    private static final int TICKS = 4;

    /** From zero to a round number at or above the largest value. */
    static Scale linear(double largest) {
        double high = largest > 0 && Double.isFinite(largest) ? largest : 1;
        double step = roundUp(high / TICKS);
        // A count of queries or requests has no half; a tick of 0.5 reads as a mistake.
        if (high >= 2) {
            step = Math.max(1, step);
        }
        List<Double> ticks = new ArrayList<>();
        int last = (int) Math.ceil(high / step - 1e-9);
        for (int i = 0; i <= last; i++) {
            ticks.add(i * step);
        }
        return new Scale(0, last * step, false, List.copyOf(ticks));
    }

    /** Whole powers of ten around the values. */
    static Scale logarithmic(double smallest, double largest) {
        int from = (int) Math.floor(Math.log10(smallest) + 1e-9);
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(largest) - 1e-9));
        List<Double> ticks = new ArrayList<>();
        for (int power = from; power <= to; power++) {
            ticks.add(Math.pow(10, power));
        }
        return new Scale(Math.pow(10, from), Math.pow(10, to), true, List.copyOf(ticks));
    }

    /** Where a value lies: 0 at the low end, 1 at the high one, never outside. */
    double share(double value) {
        double share = logarithmic
                ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                : (value - low) / (high - low);
        return Math.min(1, Math.max(0, share));
    }

    private static double roundUp(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            double rounded = factor * power;
            boolean whole = rounded < 1 || rounded == Math.rint(rounded);
            if (whole && rounded >= step - 1e-9) {
                return rounded;
            }
        }
        return 10 * power;
    }
}
