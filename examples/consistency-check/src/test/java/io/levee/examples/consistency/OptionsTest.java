package io.levee.examples.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.examples.consistency.link.Plant;
import io.levee.examples.consistency.run.TrialSettings;
import io.levee.examples.consistency.worker.Operation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
    @Test
    void noArguments_parsed_giveTheDefaults() throws UsageException {
        Options options = Options.parse(7);

        assertThat(options.settings()).isEqualTo(new TrialSettings(20, 7, 4, 4, 12, Plant.NONE, Operation.all()));
        assertThat(options.keep()).isFalse();
        assertThat(options.helpWanted()).isFalse();
    }

    @Test
    void everyOption_given_isTakenOver() throws UsageException {
        Options options = Options.parse(
                7,
                ("--seconds 5 --seed=-3 --workers 2 --threads 1 --keys 6 --plant no-replay --operations get,put --keep"
                                + " --help")
                        .split(" "));

        assertThat(options.settings())
                .isEqualTo(new TrialSettings(5, -3, 2, 1, 6, Plant.NO_REPLAY, Set.of(Operation.GET, Operation.PUT)));
        assertThat(options.keep()).isTrue();
        assertThat(options.helpWanted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds=1|--seconds must be a whole number, 2 to 86400, but is '1'",
                "--workers=none|--workers must be a whole number, 1 to 32, but is 'none'",
                "--threads=65|--threads must be",
                "--keys=2|--keys must be",
                "--seed=x|--seed must be a whole number, but is 'x'",
                "--plant=tree|--plant must be one of none, fill-without-token, no-replay, lost-invalidation, but is 'tree'",
                "--operations=get,fly|--operations must be some of",
                "--operations=|--operations must be some of",
                "--keep=yes|--keep takes no value",
                "--speed=9|there is no option --speed",
                "fast|there is no option fast",
                "--seconds|--seconds needs a value",
            })
    void wrongArgument_parsed_isRefusedInOneLine(String argument, String message) {
        assertThatThrownBy(() -> Options.parse(7, argument))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void optionGivenTwice_parsed_isRefused() {
        assertThatThrownBy(() -> Options.parse(7, "--keep", "--keep")).hasMessage("--keep is given twice");
    }

    @Test
    void wrongOption_run_endsWithTwoAndOneLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status =
                new ConsistencyCheck(System.out, new PrintStream(err, true, StandardCharsets.UTF_8)).run("--speed");

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("consistency-check: there is no option --speed; see --help");
    }

    @ParameterizedTest
    @EnumSource
    void everyPlant_help_namesIt(Plant plant) {
        assertThat(plant == Plant.NONE ? "" : Options.help()).contains(plant == Plant.NONE ? "" : plant.flag());
    }

    @Test
    void everyOperation_help_namesIt() {
        assertThat(Options.help()).contains(String.join(",", Operation.flags()));
    }

    @Test
    void everyLine_help_fitsATerminal() {
        assertThat(Options.help().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }
}
