package io.levee.cache.internal.time;

import java.time.Duration;
import java.util.Locale;

/** How long something takes or took, as people say it. */
public final class TimeText {
    private static final int BRIEF = 120;
    private static final int SECONDS_PER_MINUTE = 60;

    private TimeText() {}

    /** Seconds with one decimal, from two minutes on minutes: {@code 0.2 s}, {@code 17 min}. */
    public static String brief(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        return seconds < BRIEF
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / SECONDS_PER_MINUTE);
    }

    public static String brief(long nanos) {
        return brief(Duration.ofNanos(nanos));
    }
}
