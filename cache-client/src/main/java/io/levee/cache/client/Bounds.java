package io.levee.cache.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Checks settings as they are given, and says what is wrong with one: which, its value, its bound. */
final class Bounds {
    private final String owner;
    private final Set<String> given = new HashSet<>();

    /** @param owner whose settings, as a message begins: {@code cache "x"} */
    Bounds(String owner) {
        this.owner = owner;
    }

    /** A setting that is given twice is a mistake, and taking the last one would hide it. */
    void once(String setting) {
        if (!given.add(setting)) {
            throw new IllegalArgumentException(owner + ": " + setting + " is given twice");
        }
    }

    Duration duration(String setting, Duration value, Duration least, Duration most) {
        once(setting);
        return check(setting, value, least, most);
    }

    Duration check(String setting, Duration value, Duration least, Duration most) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw wrong(setting, value, text(least) + " to " + text(most));
        }
        return value;
    }

    int count(String setting, int value, int least, int most) {
        once(setting);
        if (value < least || value > most) {
            throw wrong(setting, value, least + " to " + most);
        }
        return value;
    }

    double share(String setting, double value, double most) {
        once(setting);
        if (!(value >= 0 && value <= most)) {
            throw wrong(setting, value, "0 to " + most);
        }
        return value;
    }

    <T> T present(String setting, T value) {
        once(setting);
        if (value == null) {
            throw new IllegalArgumentException(owner + ": " + setting + " must not be null");
        }
        return value;
    }

    IllegalArgumentException wrong(String setting, Object value, String bound) {
        Object shown = value instanceof Duration duration ? text(duration) : value;
        return new IllegalArgumentException(owner + ": " + setting + " must be " + bound + ", but is " + shown);
    }

    /** As people say it: 1 h, 200 ms. */
    static String text(Duration time) {
        long millis = time.toMillis();
        if (!time.equals(Duration.ofMillis(millis))) {
            return time.toNanos() + " ns";
        }
        if (millis == 0 || millis % 1_000 != 0) {
            return millis + " ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + " d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
