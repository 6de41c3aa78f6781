package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReconnectTest {
    private static final long FIRST = 100;
    private static final long MAX = 30_000;

    /** Draws the largest number below the bound. */
    private static final RandomGenerator HIGHEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @Test
    void manyAttempts_ceilingDoublesUpToItsMaximum() {
        Reconnect reconnect = new Reconnect(FIRST, MAX, HIGHEST);

        assertThat(LongStream.generate(reconnect::nextDelayNanos).limit(11).map(delay -> delay + 1))
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L, 30000L);
    }

    @Test
    void everyAttempt_delayIsDrawnFromTheWholeRange() {
        SplittableRandom random = new SplittableRandom(42);
        long[] fourth = LongStream.range(0, 4_000)
                .map(i -> {
                    Reconnect reconnect = new Reconnect(FIRST, MAX, random);
                    for (int attempt = 0; attempt < 3; attempt++) {
                        reconnect.nextDelayNanos();
                    }
                    return reconnect.nextDelayNanos();
                })
                .toArray();

        assertThat(LongStream.of(fourth)).allMatch(delay -> delay >= 0 && delay < 800);
        // Full jitter: each quarter of the range gets its share. Equal jitter would leave the lower half empty.
        for (int quarter = 0; quarter < 4; quarter++) {
            int low = quarter * 200;
            assertThat(LongStream.of(fourth)
                            .filter(delay -> delay >= low && delay < low + 200)
                            .count())
                    .as("delays from %d to %d", low, low + 200)
                    .isBetween(850L, 1150L);
        }
    }

    @Test
    void moreAttemptsThanALongHasBits_ceilingStaysAtItsMaximum() {
        Reconnect reconnect = new Reconnect(FIRST, Long.MAX_VALUE, HIGHEST);

        for (int attempt = 0; attempt < 200; attempt++) {
            assertThat(reconnect.nextDelayNanos()).isPositive();
        }
        assertThat(reconnect.nextDelayNanos()).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(reconnect.attempts()).isEqualTo(201);
    }

    @Test
    void reset_beginsAnew() {
        Reconnect reconnect = new Reconnect(FIRST, MAX, HIGHEST);
        reconnect.nextDelayNanos();
        reconnect.nextDelayNanos();

        reconnect.reset();

        assertThat(reconnect.attempts()).isZero();
        assertThat(reconnect.nextDelayNanos()).isEqualTo(FIRST - 1);
        assertThat(reconnect.attempts()).isEqualTo(1);
    }

    @Test
    void ceilingBelowFirst_isRefused() {
        assertThatThrownBy(() -> new Reconnect(10, 9, HIGHEST)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reconnect(0, 9, HIGHEST)).isInstanceOf(IllegalArgumentException.class);
    }
}
