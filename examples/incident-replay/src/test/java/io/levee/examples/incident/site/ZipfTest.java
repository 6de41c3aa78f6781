package io.levee.examples.incident.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipfTest {
    private static final int DRAWS = 200_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 1_000})
    void manyDraws_counted_fallAsOneOverTheRank(int ranks) {
        Zipf zipf = new Zipf(ranks);
        Random random = new Random(7);
        int[] counts = new int[ranks];
        IntStream.range(0, DRAWS).forEach(draw -> counts[zipf.draw(random)]++);

        double harmonic =
                IntStream.rangeClosed(1, ranks).mapToDouble(rank -> 1.0 / rank).sum();
        for (int rank = 0; rank < Math.min(ranks, 10); rank++) {
            double expected = 1 / ((rank + 1) * harmonic);
            assertThat((double) counts[rank] / DRAWS).as("rank %d", rank).isCloseTo(expected, within(0.005));
        }
    }

    @Test
    void noRanks_made_isRefused() {
        assertThatThrownBy(() -> new Zipf(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ranks");
    }
}
