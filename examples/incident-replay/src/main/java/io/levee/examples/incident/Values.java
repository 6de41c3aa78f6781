package io.levee.examples.incident;

import io.levee.examples.incident.client.ClientKind;
import io.levee.examples.incident.script.Scenario;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What an option's value must be. */
final class Values {
    /** Says what is wrong with a value, as the middle of a sentence that begins with the flag; null if nothing is. */
    @FunctionalInterface
    interface Rule {
        String complaint(String value);
    }

    private Values() {}

    static Rule anything() {
        return value -> null;
    }

    static Rule wholeNumber() {
        return value -> {
            try {
                Long.parseLong(value);
                return null;
            } catch (NumberFormatException e) {
                return "must be a whole number";
            }
        };
    }

    static Rule between(int least, int most) {
        return value -> {
            try {
                int number = Integer.parseInt(value);
                return number >= least && number <= most ? null : "must be " + least + " to " + most;
            } catch (NumberFormatException e) {
                return "must be a whole number, " + least + " to " + most;
            }
        };
    }

    static Rule share() {
        return value -> {
            try {
                double share = Double.parseDouble(value);
                return share >= 0 && share <= 1 ? null : "must be 0 to 1";
            } catch (NumberFormatException e) {
                return "must be a number, 0 to 1";
            }
        };
    }

    static Rule scenario() {
        return value -> Scenario.NAMES.contains(value) ? null : "must be one of " + String.join(", ", Scenario.NAMES);
    }

    static Rule clients() {
        return value -> {
            List<String> names = Arrays.asList(value.split(",", -1));
            if (names.stream().distinct().count() < names.size()) {
                return "must not name a client twice";
            }
            try {
                names.forEach(ClientKind::of);
                return null;
            } catch (IllegalArgumentException e) {
                return "must name known clients (" + e.getMessage() + ")";
            }
        };
    }

    static Rule jdbcUrl() {
        return value -> value.startsWith("jdbc:") ? null : "must begin with jdbc:";
    }

    static Rule program() {
        return value -> {
            try {
                Path path = Path.of(value);
                return Files.isRegularFile(path) && Files.isExecutable(path) ? null : "must be a program";
            } catch (InvalidPathException e) {
                return "must be the path of a program";
            }
        };
    }
}
