package io.levee.examples.incident.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {
    private static final Duration TARGET = Duration.ofMillis(200);

    @ParameterizedTest
    @CsvSource({"1000", "100000", "240000", "5000000"})
    void queryTimeInProportionToThePledges_calibrated_meetsTheTarget(long nanosPerPledge) throws SQLException {
        Calibration calibration =
                Calibration.of(TARGET, 1_000_000, pledges -> Duration.ofNanos(2_000_000 + pledges * nanosPerPledge));

        assertThat(calibration.took()).isBetween(Duration.ofMillis(186), Duration.ofMillis(214));
        assertThat(calibration.tableTooSmall(1_000_000)).isFalse();
    }

    @Test
    void tableTooSmall_calibrated_readsAllOfItAndSaysSo() throws SQLException {
        Calibration calibration = Calibration.of(TARGET, 3_000, pledges -> Duration.ofNanos(pledges * 1_000L));

        assertThat(calibration.pledges()).isEqualTo(3_000);
        assertThat(calibration.tableTooSmall(3_000)).isTrue();
    }
}
