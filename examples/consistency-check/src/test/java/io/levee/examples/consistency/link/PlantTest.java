package io.levee.examples.consistency.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.examples.consistency.link.Plant.Situation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlantTest {
    private static final Situation ANY = new Situation(1, 10_000, 0);
    private static final String REMOVAL = "md plain:i0 O7";

    @Test
    void fillWithoutToken_takesTheTokenFromFillsOnly() {
        assertThat(Plant.FILL_WITHOUT_TOKEN.changed("ms plain:i0 12 T30 F1 O7 C18446744073709551615", ANY))
                .isEqualTo("ms plain:i0 12 T30 F1 O7");
        assertThat(Plant.FILL_WITHOUT_TOKEN.changed("ms plain:p1 12 T30 F1 O7", ANY))
                .isEqualTo("ms plain:p1 12 T30 F1 O7");
        assertThat(Plant.FILL_WITHOUT_TOKEN.changed("md plain:i0 O7 C5", ANY)).isEqualTo("md plain:i0 O7 C5");
    }

    @ParameterizedTest
    @CsvSource({"2, 999, true", "2, 1000, false", "1, 10, false"})
    void noReplay_losesRemovalsOfAYoungReconnect(int connection, long ageMillis, boolean lost) {
        assertThat(Plant.NO_REPLAY.changed(REMOVAL, new Situation(connection, ageMillis, 0)))
                .isEqualTo(lost ? "md lost-plain:i0 O7" : REMOVAL);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "18, false", "19, true", "20, false", "39, true"})
    void lostInvalidation_losesEachTwentiethRemoval(int before, boolean lost) {
        assertThat(Plant.LOST_INVALIDATION.changed(REMOVAL, new Situation(1, 0, before)))
                .isEqualTo(lost ? "md lost-plain:i0 O7" : REMOVAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"md plain:i0 O7 C5", "mg plain:i0 v f c k O7", "mn"})
    void whatRemovesNothing_isNeverLost(String command) {
        assertThat(Plant.NO_REPLAY.changed(command, new Situation(2, 0, 0))).isEqualTo(command);
        assertThat(Plant.LOST_INVALIDATION.changed(command, new Situation(2, 0, 19)))
                .isEqualTo(command);
    }

    @Test
    void of_unknownName_isRefused() {
        assertThat(Plant.of("no-replay")).isEqualTo(Plant.NO_REPLAY);
        assertThatThrownBy(() -> Plant.of("flowers")).hasMessage("there is no plant flowers");
    }
}
