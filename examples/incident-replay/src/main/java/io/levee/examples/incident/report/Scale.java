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
        if (high >= 1) {
            step = Math.max(1, step);
        }
        List<Double> ticks = new ArrayList<>();
        int last = (int) Math.ceil(high / step - 1e-9);
        for (int i = 0; i <= last; i++) {
            ticks.add(i * step);
        }
        return new Scale(0, last * step, false, List.copyOf(ticks));
    }

    /** From a round number below the smallest value, at least a power of ten on; with ticks at the powers of ten. */
    static Scale logarithmic(double smallest, double largest) {
        double low = 1 / roundUp(1 / smallest);
        double high = Math.max(10 * low, roundUp(largest));
        boolean brief = high / low < 150;
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high) + 1e-9; power++) {
            for (double factor : brief ? new double[] {1, 2, 5} : new double[] {1}) {
                double tick = factor * Math.pow(10, power);
                if (tick > low * (1 - 1e-9) && tick < high * (1 + 1e-9)) {
                    ticks.add(tick);
                }
            }
        }
        return new Scale(low, high, true, List.copyOf(ticks));
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
