package io.levee.examples.incident.site;

/** A page of the site. */
public record Page(Kind kind, int number) {
    public enum Kind {
        /** Cheap: one row. */
        PROJECT,
        /** Slow: an aggregate over many pledges. */
        STATS
    }

    public static Page project(int number) {
        return new Page(Kind.PROJECT, number);
    }

    public static Page stats(int week) {
        return new Page(Kind.STATS, week);
    }

    public boolean isStats() {
        return kind == Kind.STATS;
    }
}
