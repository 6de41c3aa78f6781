package io.levee.examples.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.examples.incident.client.ClientKind;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @Test
    void noArguments_parsed_giveTheIncident() throws UsageException {
        Options options = Options.parse();

        assertThat(options.scenario().name()).isEqualTo("crash");
        assertThat(options.clients()).extracting(ClientKind::name).containsExactly("levee", "spymemcached");
        assertThat(options.scenario().nodes()).isEqualTo(3);
        assertThat(options.site().visitsPerSecond()).isEqualTo(600);
        assertThat(options.site().statsShare()).isEqualTo(0.2);
        assertThat(options.databaseSlots()).isEqualTo(8);
        assertThat(options.statsQuery()).isEqualTo(Duration.ofMillis(200));
        assertThat(options.jdbcUrl()).isEmpty();
        assertThat(options.memcached()).isEmpty();
        assertThat(options.mayInstall()).isTrue();
        assertThat(options.out()).isEqualTo(Path.of("incident-report"));
        assertThat(options.scenario().seconds()).isBetween(60, 90);
    }

    @Test
    void everyOption_given_isTakenOver() throws UsageException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Options options = Options.parse(
                ("--scenario hang --client none,spymemcached@100 --nodes 5 --phase-seconds 3 --warm-up-seconds 1 --rate 7"
                                + " --stats-share 0.5 --pages 11 --stats-pages 4 --period 6 --threads 9 --queue 8"
                                + " --request-timeout 2 --database-slots 4 --stats-millis 33 --pledges 1234 --seed -5"
                                + " --jdbc-url=jdbc:postgresql://localhost/site --jdbc-user me --jdbc-password=x=y"
                                + " --no-install --first-port 0 --out there --memcached " + java)
                        .split(" "));

        assertThat(options.scenario().name()).isEqualTo("hang");
        assertThat(options.scenario().nodes()).isEqualTo(5);
        assertThat(options.scenario().seconds()).isEqualTo(1 + 3 * (1 + 5 + 2));
        assertThat(options.clients()).extracting(ClientKind::timeout).containsExactly(null, Duration.ofMillis(100));
        assertThat(options.site().visitsPerSecond()).isEqualTo(7);
        assertThat(options.site().statsShare()).isEqualTo(0.5);
        assertThat(options.site().projects()).isEqualTo(11);
        assertThat(options.site().weeks()).isEqualTo(4);
        assertThat(options.site().refreshPeriod()).isEqualTo(Duration.ofSeconds(6));
        assertThat(options.site().threads()).isEqualTo(9);
        assertThat(options.site().queue()).isEqualTo(8);
        assertThat(options.site().patience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.site().seed()).isEqualTo(-5);
        assertThat(options.databaseSlots()).isEqualTo(4);
        assertThat(options.statsQuery()).isEqualTo(Duration.ofMillis(33));
        assertThat(options.pledges()).isEqualTo(1234);
        assertThat(options.jdbcUrl()).contains("jdbc:postgresql://localhost/site");
        assertThat(options.jdbcUser()).isEqualTo("me");
        assertThat(options.jdbcPassword()).isEqualTo("x=y");
        assertThat(options.mayInstall()).isFalse();
        assertThat(options.firstPort()).isZero();
        assertThat(options.memcached()).contains(Path.of(java));
        assertThat(options.out()).isEqualTo(Path.of("there"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scenario=flood|--scenario must be one of crash, hang, restart, connection-limit, flap, but is 'flood'",
                "--client=redis|there is no client redis",
                "--client=|there is no client",
                "--client=none,none|must not name a client twice",
                "--client=spymemcached@0|must be 1 ms or more",
                "--nodes=0|--nodes must be 1 to 9, but is '0'",
                "--nodes=ten|--nodes must be a whole number, 1 to 9, but is 'ten'",
                "--phase-seconds=0|--phase-seconds must be 1 to 3600",
                "--warm-up-seconds=-1|--warm-up-seconds must be 0 to 3600",
                "--rate=99999999999|--rate must be a whole number",
                "--stats-share=1.5|--stats-share must be 0 to 1, but is '1.5'",
                "--stats-share=NaN|--stats-share must be 0 to 1",
                "--stats-share=half|--stats-share must be a number",
                "--pages=0|--pages must be 1 to",
                "--stats-pages=0|--stats-pages must be 1 to",
                "--period=0|--period must be 1 to",
                "--threads=0|--threads must be 1 to",
                "--queue=0|--queue must be 1 to",
                "--request-timeout=0|--request-timeout must be 1 to",
                "--database-slots=0|--database-slots must be 1 to",
                "--stats-millis=1|--stats-millis must be 5 to",
                "--pledges=1|--pledges must be 1000 to",
                "--seed=x|--seed must be a whole number",
                "--jdbc-url=postgresql://x|--jdbc-url must begin with jdbc:",
                "--jdbc-user=me|--jdbc-user needs --jdbc-url",
                "--jdbc-password=x|--jdbc-password needs --jdbc-url",
                "--memcached=/nowhere/memcached|--memcached must be a program",
                "--first-port=70000|--first-port must be 0 to 65000",
                "--no-install=yes|--no-install takes no value",
                "--speed=9|there is no option --speed",
                "crash|there is no option crash",
            })
    void wrongArgument_parsed_isRefusedInOneLine(String argument, String message) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void lastOptionWithoutValue_parsed_isRefused() {
        assertThatThrownBy(() -> Options.parse("--rate")).hasMessage("--rate needs a value; see --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate=1", "--no-install"})
    void optionGivenTwice_parsed_isRefused(String argument) {
        assertThatThrownBy(() -> Options.parse(argument, argument)).hasMessageContaining("is given twice");
    }

    @ParameterizedTest
    @EnumSource
    void everyOption_help_explainsIt(Option option) {
        assertThat(Options.help()).containsPattern("(?m)^  " + option.flag() + "( [A-Z]+)? +[a-zA-Z]");
    }

    @Test
    void everyLine_help_fitsATerminal() {
        assertThat(Options.help().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }

    @ParameterizedTest
    @EnumSource
    void everyFallback_checked_isAllowed(Option option) throws UsageException {
        if (!option.fallback().isEmpty()) {
            option.check(option.fallback());
        }
    }
}
