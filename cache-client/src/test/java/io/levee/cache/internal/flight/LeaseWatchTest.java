package io.levee.cache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.LeasePolicy;
import io.levee.cache.internal.time.HeldTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
    private final HeldTime time = new HeldTime();
    private final LeaseWatch watch = new LeaseWatch(new LeaseTerm(LeasePolicy.on(Duration.ofSeconds(10))), time);

    @Test
    void isOverdue_untilTheLeaseHasRunOutSinceItWasFirstHeardOf_isFalse() {
        assertThat(watch.isOverdue("k", 1)).isFalse();
        time.advance(Duration.ofSeconds(6));
        assertThat(watch.isOverdue("k", 1)).isFalse();
        time.advance(Duration.ofSeconds(4).minusNanos(1));
        assertThat(watch.isOverdue("k", 1)).isFalse();

        time.advance(Duration.ofNanos(1));

        assertThat(watch.isOverdue("k", 1)).isTrue();
        assertThat(watch.isOverdue("k", 1)).isTrue();
    }

    @Test
    void isOverdue_anotherVersion_isCountedAnew() {
        watch.isOverdue("k", 1);
        time.advance(Duration.ofSeconds(10));

        assertThat(watch.isOverdue("k", 2)).isFalse();

        time.advance(Duration.ofSeconds(10));
        assertThat(watch.isOverdue("k", 2)).isTrue();
    }

    @Test
    void isOverdue_otherKeys_haveTheirOwnTime() {
        watch.isOverdue("k", 1);
        time.advance(Duration.ofSeconds(10));

        assertThat(watch.isOverdue("other", 1)).isFalse();
    }

    @Test
    void givenUp_byThisProcess_isOverdueAtOnceForThatVersionAlone() {
        watch.givenUp("k", 1);

        assertThat(watch.isOverdue("k", 1)).isTrue();
        assertThat(watch.isOverdue("k", 2)).isFalse();
    }
}
