package io.levee.examples.incident;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The options of the command line: the flag, what may follow it, what holds without it, and its line of {@code --help}. */
enum Option {
    SCENARIO("--scenario", "NAME", "crash", Values.scenario(), """
            what happens to the nodes:
            crash             killed one after another, later restarted empty
            hang              stopped one after another (SIGSTOP), later let go on
            restart           restarted one after another, empty each time
            connection-limit  few connections allowed, a crowd takes them all,
                              and the nodes are restarted one after another
            flap              node 1 goes down and up, a second each"""),
    CLIENT("--client", "NAMES", "levee,spymemcached", Values.clients(), """
            the clients to compare, with commas between them:
            levee             Levee
            spymemcached      a plain cache-aside loop, its defaults (2500 ms timeout)
            spymemcached@MS   the same with an operation timeout of MS milliseconds
            none              no cache"""),
    NODES("--nodes", "N", "3", Values.between(1, 9), "how many memcached nodes"),
    PHASE_SECONDS("--phase-seconds", "N", "12", Values.between(1, 3_600), "how long each phase of the scenario lasts"),
    WARM_UP_SECONDS(
            "--warm-up-seconds",
            "N",
            "10",
            Values.between(0, 3_600),
            "how long the load runs before the first phase; not counted"),
    RATE(
            "--rate",
            "N",
            "600",
            Values.between(1, 50_000),
            "visitors a second; they come whether or not the site keeps up"),
    STATS_SHARE(
            "--stats-share", "X", "0.2", Values.share(), "the share of them that ask for a slow stats page, 0 to 1"),
    PAGES(
            "--pages",
            "N",
            "1000",
            Values.between(1, 1_000_000),
            "how many cheap pages there are; visits are Zipf-distributed"),
    STATS_PAGES("--stats-pages", "N", "20", Values.between(1, 10_000), "how many stats pages there are; likewise"),
    PERIOD(
            "--period",
            "SECONDS",
            "10",
            Values.between(1, 3_600),
            "how often every stats page is made anew, visited or not"),
    THREADS("--threads", "N", "64", Values.between(1, 2_000), "the site's request threads"),
    QUEUE(
            "--queue",
            "N",
            "256",
            Values.between(1, 100_000),
            "how many visitors may wait for a thread; more get an error at once"),
    REQUEST_TIMEOUT(
            "--request-timeout",
            "SECONDS",
            "15",
            Values.between(1, 600),
            "how long a visitor waits before that is an error"),
    DATABASE_SLOTS("--database-slots", "N", "8", Values.between(1, 200), "how many queries the database runs at once"),
    STATS_MILLIS(
            "--stats-millis",
            "N",
            "200",
            Values.between(5, 10_000),
            "how long a stats query takes; how much it reads is calibrated to that"),
    PLEDGES(
            "--pledges",
            "N",
            "",
            Values.between(1_000, 50_000_000),
            "rows of the pledge table; 200000 unless told, 400000 with --jdbc-url"),
    SEED("--seed", "N", "2015", Values.wholeNumber(), "the same seed asks for the same pages in the same order"),
    JDBC_URL("--jdbc-url", "URL", "", Values.jdbcUrl(), """
            a PostgreSQL to use instead of the embedded H2:
            jdbc:postgresql://HOST/DATABASE; its tables replay_project and
            replay_pledge are made anew, and dropped at the end"""),
    JDBC_USER("--jdbc-user", "NAME", "", Values.anything(), "its user"),
    JDBC_PASSWORD("--jdbc-password", "TEXT", "", Values.anything(), "its password"),
    MEMCACHED(
            "--memcached",
            "PATH",
            "",
            Values.program(),
            "the memcached program; unless told it is looked for, then Docker, then installed"),
    NO_INSTALL("--no-install", null, "", Values.anything(), "never install memcached"),
    FIRST_PORT("--first-port", "PORT", "22211", Values.between(0, 65_000), """
            the first node's port, the others follow; 0 (or if they are taken)
            for any. The ports place the keys: with two of three nodes dead,
            spymemcached finds no living node for 1 to 12 % of the requests,
            as luck has it, and about 5 % with the ports of the default"""),
    OUT("--out", "FOLDER", "incident-report", Values.anything(), "where the report, the CSV and the log go"),
    HELP("--help", null, "", Values.anything(), "this text");

    private static final int HELP_COLUMN = 29;

    private final String flag;
    private final String placeholder;
    private final String fallback;

    @SuppressWarnings("ImmutableEnumChecker") // the rules hold nothing that changes
    private final Values.Rule rule;

    private final String help;

    Option(String flag, String placeholder, String fallback, Values.Rule rule, String help) {
        this.flag = flag;
        this.placeholder = placeholder;
        this.fallback = fallback;
        this.rule = rule;
        this.help = help;
    }

    static Optional<Option> of(String flag) {
        return Arrays.stream(values())
                .filter(option -> option.flag.equals(flag))
                .findFirst();
    }

    String flag() {
        return flag;
    }

    boolean takesValue() {
        return placeholder != null;
    }

    /** What holds if the option is not given. */
    String fallback() {
        return fallback;
    }

    void check(String value) throws UsageException {
        String complaint = rule.complaint(value);
        if (complaint != null) {
            throw new UsageException(flag + " " + complaint + ", but is '" + value + "'");
        }
    }

    /** The option's part of {@code --help}: the flag, then its text in a column. */
    String usage() {
        String left = "  " + flag + (takesValue() ? " " + placeholder : "");
        StringBuilder text = new StringBuilder();
        String note = takesValue() && !fallback.isEmpty() ? " [" + fallback + "]" : "";
        for (String line : help.lines().toList()) {
            text.append(String.format(Locale.ROOT, "%-" + HELP_COLUMN + "s", left))
                    .append(line)
                    .append(note)
                    .append('\n');
            left = "";
            note = "";
        }
        return text.toString();
    }
}
