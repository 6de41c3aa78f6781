package io.levee.cache.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpirationTest {
    private static final long NOW_MILLIS = 1_800_000_000_500L;
    private static final long MONTH_SECONDS = 2_592_000;

    private static long seconds(Duration ttl) {
        return Expiration.seconds(ttl, NOW_MILLIS);
    }

    @Test
    void partOfASecond_seconds_isRoundedUp() {
        assertThat(seconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(seconds(Duration.ofMillis(1_001))).isEqualTo(2);
    }

    @Test
    void thirtyDays_seconds_isFromNow() {
        assertThat(seconds(Duration.ofDays(30))).isEqualTo(MONTH_SECONDS);
    }

    @Test
    void moreThanThirtyDays_seconds_isSince1970AndNotBeforeItsTime() {
        assertThat(seconds(Duration.ofDays(30).plusNanos(1))).isEqualTo(1_800_000_001L + MONTH_SECONDS + 1);
        assertThat(seconds(Duration.ofDays(31))).isEqualTo(1_800_000_001L + 31 * 86_400);
    }

    @Test
    void pastTheLastSecondOfMemcached_seconds_isNever() {
        assertThat(seconds(Duration.ofSeconds(Integer.MAX_VALUE - 1_800_000_001L)))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(seconds(Duration.ofSeconds(Integer.MAX_VALUE - 1_800_000_000L)))
                .isZero();
        assertThat(seconds(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))).isZero();
    }

    @Test
    void zeroOrLess_seconds_isRefused() {
        assertThatThrownBy(() -> seconds(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> seconds(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void relative_staysWithinThirtyDays() {
        assertThat(Expiration.relative(10)).isEqualTo(10);
        assertThat(Expiration.relative(Integer.MAX_VALUE)).isEqualTo(MONTH_SECONDS);
        assertThatThrownBy(() -> Expiration.relative(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
