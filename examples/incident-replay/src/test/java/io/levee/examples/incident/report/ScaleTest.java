package io.levee.examples.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 1, 2, 7, 8, 601, 1_394, 1e9})
    void linear_anyLargest_startsAtZeroAndReachesItInFewTicks(double largest) {
        Scale scale = Scale.linear(largest);

        assertThat(scale.low()).isZero();
        assertThat(scale.high()).isGreaterThanOrEqualTo(largest).isLessThanOrEqualTo(Math.max(1, 2 * largest));
        assertThat(scale.ticks()).hasSizeBetween(2, 6).startsWith(0.0).endsWith(scale.high());
    }

    @Test
    void linear_notANumber_isTheUnitScale() {
        assertThat(Scale.linear(Double.NaN).high()).isEqualTo(1);
    }

    @Test
    void logarithmic_manyDecades_ticksThePowersOfTen() {
        assertThat(Scale.logarithmic(0.3, 11_000).ticks()).containsExactly(1.0, 10.0, 100.0, 1_000.0, 10_000.0);
    }

    @Test
    void logarithmic_fewDecades_ticksTwosAndFivesToo() {
        Scale scale = Scale.logarithmic(3, 42);

        assertThat(scale.ticks()).hasSizeGreaterThan(3).contains(10.0, 20.0);
        assertThat(scale.share(scale.low())).isZero();
        assertThat(scale.share(scale.high())).isEqualTo(1);
        assertThat(scale.share(0)).isZero();
    }
}
