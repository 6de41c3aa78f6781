package io.levee.examples.incident.report;

import java.util.Locale;

/** Numbers as a reader wants them: as few digits as tell the story, and their unit. */
final class Quantity {
    private static final String UNKNOWN = "–";

    private Quantity() {}

    static String rate(double perSecond) {
        if (!Double.isFinite(perSecond)) {
            return UNKNOWN;
        }
        double size = Math.abs(perSecond);
        if (size >= 9.95 || size < 0.005) {
            return String.format(Locale.ROOT, "%,d", Math.round(perSecond));
        }
        return round(perSecond, size >= 0.95 ? "%.1f" : "%.2f");
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Some of so many as there may be. */
    static String share(long some, long most) {
        return count(some) + " of " + count(most);
    }

    /** A latency. None is zero: that is what a histogram answers when nothing was recorded. */
    static String millis(double millis) {
        if (!Double.isFinite(millis) || millis <= 0) {
            return UNKNOWN;
        }
        if (millis < 0.995) {
            return round(millis, "%.2f") + " ms";
        }
        if (millis < 9.95) {
            return round(millis, "%.1f") + " ms";
        }
        if (millis < 999.5) {
            return String.format(Locale.ROOT, "%d ms", Math.round(millis));
        }
        return (millis < 9_950 ? round(millis / 1000, "%.1f") : count(Math.round(millis / 1000))) + " s";
    }

    /** A tick of a latency axis, where every value is one, two or five times a power of ten. */
    static String millisTick(double millis) {
        return millis < 1000 ? plain(millis) + " ms" : plain(millis / 1000) + " s";
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 100) {
            return whole + " s";
        }
        return whole % 60 == 0 ? whole / 60 + " min" : whole / 60 + " min " + whole % 60 + " s";
    }

    /** A point in time of a replay, as minutes and seconds since its start. */
    static String clock(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    /** A text in which no figure is parted from its unit by the end of a line. */
    static String unbroken(String text) {
        return text.replaceAll("(\\d) (ms|s|min|dead|requests|queries)\\b", "$1\u00a0$2");
    }

    /** The shortest exact form, with no exponent. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return round(value, "%.3f");
    }

    private static String round(double value, String format) {
        return String.format(Locale.ROOT, format, value).replaceFirst("\\.?0+$", "");
    }
}
