package io.levee.examples.consistency;

import io.levee.examples.consistency.link.Plant;
import io.levee.examples.consistency.run.TrialSettings;
import io.levee.examples.consistency.worker.Operation;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command line asks for, checked. */
final class Options {
    private static final String HELP = """
            Looks for reads that are older than Levee promises: several processes call the same caches
            at random on three real memcached nodes, nodes, links and processes fail, and a checker goes
            through what everybody did and saw. docs/consistency.md has the promise.

            usage: consistency-check [option...]

              --seconds N          how long faults are made, 2 to 86400 [20]
              --seed N             the same seed calls and breaks the same things in the same order;
                                   drawn unless told
              --workers N          processes, 1 to 32 [4]
              --threads N          callers in each, 1 to 64 [4]
              --keys N             keys of each of the two caches, 3 to 1000; a third each is written by put,
                                   by invalidate, and without either before a clear [12]
              --operations NAMES   what the callers do, with commas between them, of
                                   get,lookup,getAsync,peek,getAll,refresh,put,invalidate,clear [all]
              --plant NAME         a bug to be found, made by changing what clients say to nodes:
                                   fill-without-token  fills are stored whatever happened meanwhile
                                   no-replay           what is made up for after a reconnect is lost
                                   lost-invalidation   one removal of twenty is lost
              --keep               keeps the histories and logs, which else only a violation does
              --help               this text

            Needs Linux. Exit status: 0 the promise was kept, 1 it was not, or the run failed,
            2 wrong option.
            """;

    private static final Set<String> WITH_VALUE =
            Set.of("--seconds", "--seed", "--workers", "--threads", "--keys", "--operations", "--plant");
    private static final Set<String> WITHOUT_VALUE = Set.of("--keep", "--help");

    private final Map<String, String> given;
    private final TrialSettings settings;

    private Options(Map<String, String> given, long seed) throws UsageException {
        this.given = given;
        this.settings = new TrialSettings(
                number("--seconds", 20, 2, 86_400),
                seed(seed),
                number("--workers", 4, 1, 32),
                number("--threads", 4, 1, 64),
                number("--keys", 12, 3, 1_000),
                plant(),
                operations());
    }

    /**
     * Reads the command line.
     *
     * @param seed what holds if none is given
     * @throws UsageException with one line that says what is wrong
     */
    static Options parse(long seed, String... arguments) throws UsageException {
        Map<String, String> given = new HashMap<>();
        for (int at = 0; at < arguments.length; at++) {
            int equals = arguments[at].startsWith("--") ? arguments[at].indexOf('=') : -1;
            String flag = equals < 0 ? arguments[at] : arguments[at].substring(0, equals);
            String value = "";
            if (WITH_VALUE.contains(flag)) {
                if (equals < 0 && at + 1 == arguments.length) {
                    throw new UsageException(flag + " needs a value; see --help");
                }
                value = equals < 0 ? arguments[++at] : arguments[at].substring(equals + 1);
            } else if (!WITHOUT_VALUE.contains(flag)) {
                throw new UsageException("there is no option " + flag + "; see --help");
            } else if (equals >= 0) {
                throw new UsageException(flag + " takes no value; see --help");
            }
            if (given.put(flag, value) != null) {
                throw new UsageException(flag + " is given twice");
            }
        }
        return new Options(given, seed);
    }

    static String help() {
        return HELP;
    }

    boolean helpWanted() {
        return given.containsKey("--help");
    }

    boolean keep() {
        return given.containsKey("--keep");
    }

    TrialSettings settings() {
        return settings;
    }

    private int number(String flag, int fallback, int least, int most) throws UsageException {
        String text = given.get(flag);
        if (text == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds.
        }
        throw new UsageException(
                flag + " must be a whole number, " + least + " to " + most + ", but is '" + text + "'");
    }

    private long seed(long fallback) throws UsageException {
        String text = given.get("--seed");
        try {
            return text == null ? fallback : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--seed must be a whole number, but is '" + text + "'");
        }
    }

    private Plant plant() throws UsageException {
        String text = given.getOrDefault("--plant", Plant.NONE.flag());
        try {
            return Plant.of(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--plant must be one of " + String.join(", ", Plant.flags()) + ", but is '" + text + "'");
        }
    }

    private Set<Operation> operations() throws UsageException {
        String text = given.get("--operations");
        if (text == null) {
            return Operation.all();
        }
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        for (String name : List.of(text.split(",", -1))) {
            operations.add(Operation.of(name)
                    .orElseThrow(() -> new UsageException("--operations must be some of "
                            + String.join(", ", Operation.flags()) + ", but has '" + name + "'")));
        }
        return operations;
    }
}
