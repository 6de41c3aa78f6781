package io.levee.examples.incident;

import io.levee.examples.incident.client.ClientKind;
import io.levee.examples.incident.run.Stage.SiteSettings;
import io.levee.examples.incident.script.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the command line asks for, checked. */
final class Options {
    private static final int EMBEDDED_PLEDGES = 200_000;
    private static final int ELSEWHERE_PLEDGES = 400_000;

    private final Map<Option, String> given;

    private Options(Map<Option, String> given) {
        this.given = given;
    }

    /** @throws UsageException with one line that says what is wrong */
    static Options parse(String... arguments) throws UsageException {
        Map<Option, String> given = new EnumMap<>(Option.class);
        for (int at = 0; at < arguments.length; at++) {
            int equals = arguments[at].startsWith("--") ? arguments[at].indexOf('=') : -1;
            String flag = equals < 0 ? arguments[at] : arguments[at].substring(0, equals);
            Option option = Option.of(flag)
                    .orElseThrow(() -> new UsageException("there is no option " + flag + "; see --help"));
            String value = "";
            if (option.takesValue()) {
                if (equals < 0 && at + 1 == arguments.length) {
                    throw new UsageException(flag + " needs a value; see --help");
                }
                value = equals < 0 ? arguments[++at] : arguments[at].substring(equals + 1);
                option.check(value);
            } else if (equals >= 0) {
                throw new UsageException(flag + " takes no value; see --help");
            }
            if (given.put(option, value) != null) {
                throw new UsageException(flag + " is given twice");
            }
        }
        Options options = new Options(given);
        options.checkTogether();
        return options;
    }

    private void checkTogether() throws UsageException {
        for (Option option : List.of(Option.JDBC_USER, Option.JDBC_PASSWORD)) {
            if (given.containsKey(option) && jdbcUrl().isEmpty()) {
                throw new UsageException(option.flag() + " needs --jdbc-url");
            }
        }
    }

    /** The text of {@code --help}. */
    static String help() {
        StringBuilder text = new StringBuilder("""
                Replays a memcached incident: real memcached nodes die under load, and one sees what
                becomes of the site and its database behind each of the clients.

                usage: incident-replay [option...]

                """);
        for (Option option : Option.values()) {
            text.append(option.usage());
        }
        return text.append("""

                        The clients are run one after another, each with fresh nodes, so that none takes the CPU
                        of another. Ctrl-C ends the run and writes the report of what there is.
                        Exit status: 0 done, 1 failed, 2 wrong option, 130 Ctrl-C.
                        """).toString();
    }

    boolean helpWanted() {
        return given.containsKey(Option.HELP);
    }

    Scenario scenario() {
        return Scenario.named(
                text(Option.SCENARIO),
                number(Option.NODES),
                number(Option.WARM_UP_SECONDS),
                number(Option.PHASE_SECONDS));
    }

    List<ClientKind> clients() {
        return Arrays.stream(text(Option.CLIENT).split(",", -1))
                .map(ClientKind::of)
                .toList();
    }

    SiteSettings site() {
        return new SiteSettings(
                number(Option.THREADS),
                number(Option.QUEUE),
                Duration.ofSeconds(number(Option.REQUEST_TIMEOUT)),
                number(Option.RATE),
                Double.parseDouble(text(Option.STATS_SHARE)),
                number(Option.PAGES),
                number(Option.STATS_PAGES),
                Duration.ofSeconds(number(Option.PERIOD)),
                Long.parseLong(text(Option.SEED)));
    }

    int databaseSlots() {
        return number(Option.DATABASE_SLOTS);
    }

    Duration statsQuery() {
        return Duration.ofMillis(number(Option.STATS_MILLIS));
    }

    int pledges() {
        if (given.containsKey(Option.PLEDGES)) {
            return number(Option.PLEDGES);
        }
        return jdbcUrl().isPresent() ? ELSEWHERE_PLEDGES : EMBEDDED_PLEDGES;
    }

    Optional<String> jdbcUrl() {
        return optionalText(Option.JDBC_URL);
    }

    String jdbcUser() {
        return text(Option.JDBC_USER);
    }

    String jdbcPassword() {
        return text(Option.JDBC_PASSWORD);
    }

    Optional<Path> memcached() {
        return optionalText(Option.MEMCACHED).map(Path::of);
    }

    boolean mayInstall() {
        return !given.containsKey(Option.NO_INSTALL);
    }

    int firstPort() {
        return number(Option.FIRST_PORT);
    }

    Path out() {
        return Path.of(text(Option.OUT));
    }

    /** The settings that shape the result, for the report. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Option option : EnumSet.range(Option.SCENARIO, Option.SEED)) {
            settings.put(option.flag(), text(option));
        }
        settings.put(Option.PLEDGES.flag(), String.format(Locale.ROOT, "%d", pledges()));
        return settings;
    }

    private String text(Option option) {
        return given.getOrDefault(option, option.fallback());
    }

    private Optional<String> optionalText(Option option) {
        return Optional.of(text(option)).filter(text -> !text.isEmpty());
    }

    private int number(Option option) {
        return Integer.parseInt(text(option));
    }
}
