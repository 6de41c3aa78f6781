package io.levee.cache.internal.refill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 7, 33, 100, 999, 1_000, 10_000, 65_000})
    void beside_anyCountOfProcesses_staysWithinBothBounds(int processes) {
        Pace pace = Pace.beside(processes);

        long bound = Math.min(2_000L * processes, 10_000);
        long together = pace.values() * TimeUnit.SECONDS.toNanos(1) * processes;
        assertThat(together).isLessThanOrEqualTo(bound * pace.pauseNanos());
        assertThat(together).as("and does not dawdle").isGreaterThan(bound * pace.pauseNanos() / 100 * 95);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void beside_unknownCount_isSlow(int connections) {
        assertThat(Pace.beside(connections)).isEqualTo(Pace.beside(1_000));
    }
}
