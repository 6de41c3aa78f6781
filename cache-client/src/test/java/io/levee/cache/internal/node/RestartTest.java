package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.health.Vitals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartTest {
    private static final Duration YOUTH = Duration.ofMinutes(2);
    private static final long ASKED = 5_000_000_000L;

    private static Vitals running(long seconds, long startedAt) {
        return new Vitals("1.6.18", seconds, startedAt, 7, 3, 1024, 1 << 20);
    }

    private static Restart restart(Vitals before, Vitals now) {
        return Restart.of(YOUTH, before, now, 1, ASKED);
    }

    @Test
    void youthLeft_uptimes_countsDownAndAllowsForWholeSeconds() {
        assertThat(Restart.youthLeft(YOUTH, 0)).isEqualTo(Duration.ofSeconds(122));
        assertThat(Restart.youthLeft(YOUTH, 30)).isEqualTo(Duration.ofSeconds(92));
        assertThat(Restart.youthLeft(YOUTH, 121)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Restart.youthLeft(YOUTH, 122)).isZero();
        assertThat(Restart.youthLeft(YOUTH, Long.MAX_VALUE)).isZero();
    }

    @Test
    void youthLeft_uptimeUnknown_isAllOfIt() {
        assertThat(Restart.youthLeft(YOUTH, -1)).isEqualTo(YOUTH);
    }

    @Test
    void of_anotherServer_mayBeRefilledUntilWellBeforeItsYouthEnds() {
        Restart restart = restart(running(1_000, 100), running(10, 2_000));

        assertThat(restart.refillUntilNanos() - ASKED)
                .isEqualTo(Duration.ofSeconds(120 - 10 - 2 - 20).toNanos());
        assertThat(restart.lostNanos()).isEqualTo(1);
    }

    @Test
    void of_theSameServer_isNone() {
        assertThat(restart(running(10, 100), running(20, 100))).isNull();
    }

    @Test
    void of_firstServerOfThisProcess_isNone() {
        assertThat(restart(null, running(10, 100))).isNull();
    }

    @Test
    void of_noLongerYoung_leavesNoTimeToRefill() {
        assertThat(restart(running(1_000, 100), running(500, 2_000)).refillUntilNanos())
                .isLessThan(ASKED);
    }

    @Test
    void of_uptimeNotTold_isARestartThatLeavesNoTimeToRefill() {
        assertThat(restart(running(1_000, 100), Vitals.UNKNOWN).refillUntilNanos())
                .isEqualTo(ASKED);
        assertThat(restart(Vitals.UNKNOWN, Vitals.UNKNOWN))
                .as("a server that never tells")
                .isNull();
    }
}
