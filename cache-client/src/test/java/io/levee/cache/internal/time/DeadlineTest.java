package io.levee.cache.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineTest {
    private long nanos = Long.MAX_VALUE - 50;

    private final TimeSource time = new TimeSource() {
        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    };

    @Test
    void leftNanos_shrinksToZeroAcrossTheWrapOfTheClock() {
        Deadline deadline = Deadline.after(100, time);

        assertThat(deadline.leftNanos(1_000)).isEqualTo(100);
        nanos += 70;
        assertThat(deadline.leftNanos(1_000)).isEqualTo(30);
        nanos += 30;
        assertThat(deadline.leftNanos(1_000)).isZero();
        nanos += 1;
        assertThat(deadline.leftNanos(1_000)).isZero();
    }

    @Test
    void leftNanos_isAtMostWhatIsAskedFor() {
        assertThat(Deadline.after(100, time).leftNanos(40)).isEqualTo(40);
        assertThat(Deadline.after(100, time).leftNanos(0)).isZero();
    }
}
