package io.levee.examples.incident.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;

/**
 * How many pledges a stats query must read to take its time on this machine.
 *
 * @param pledges how many
 * @param took what such a query takes when it runs alone: the middle one of a few
 */
public record Calibration(int pledges, Duration took) {
    private static final int ROUNDS = 6;
    private static final int QUERIES = 5;

    /** Runs the stats query over a number of pledges and times it. */
    interface Trial {
        Duration run(int pledges) throws SQLException;
    }

    static Calibration of(Duration target, int pledgesInTable, Trial trial) throws SQLException {
        int pledges = Math.min(500, pledgesInTable);
        Calibration found = new Calibration(pledges, median(pledges, trial));
        for (int round = 0; round < ROUNDS && !found.isNear(target); round++) {
            // A short query is mostly overhead and noise, so one step lengthens it tenfold at most.
            double factor = Math.min(10, (double) target.toNanos() / Math.max(1, found.took.toNanos()));
            pledges = (int) Math.max(1, Math.min(pledgesInTable, Math.round(pledges * factor)));
            found = new Calibration(pledges, median(pledges, trial));
        }
        return found;
    }

    /** Whether even a query that reads the whole table is far from long enough. */
    public boolean tableTooSmall(int pledgesInTable) {
        return pledges == pledgesInTable;
    }

    private boolean isNear(Duration target) {
        double ratio = (double) took.toNanos() / target.toNanos();
        return ratio > 0.93 && ratio < 1.07;
    }

    private static Duration median(int pledges, Trial trial) throws SQLException {
        long[] nanos = new long[QUERIES];
        for (int query = 0; query < QUERIES; query++) {
            nanos[query] = trial.run(pledges).toNanos();
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[QUERIES / 2]);
    }
}
