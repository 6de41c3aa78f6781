package io.levee.examples.incident.report;

import java.util.ArrayList;
import java.util.List;

/** The ticks of the time axis, at steps that people count time in. */
record TimeTicks(List<Double> seconds, boolean inMinutes) {
    private static final int[] STEPS = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600};
    private static final double ROOM = 46;
    private static final double LONGEST_IN_SECONDS = 120;

    static TimeTicks of(double endSeconds, Breadth breadth) {
        double most = Math.max(2, breadth.plotWidth() / ROOM);
        int step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0; i--) {
            if (endSeconds / STEPS[i] <= most) {
                step = STEPS[i];
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (double at = 0; at <= endSeconds + 1e-9; at += step) {
            ticks.add(at);
        }
        return new TimeTicks(List.copyOf(ticks), endSeconds > LONGEST_IN_SECONDS);
    }

    String label(double at) {
        return inMinutes ? Quantity.clock(at) : Quantity.plain(at);
    }

    String title(Breadth breadth) {
        boolean brief = breadth == Breadth.NARROW;
        if (inMinutes) {
            return brief ? "min:s" : "minutes:seconds since the start";
        }
        return brief ? "seconds" : "seconds since the start";
    }
}
