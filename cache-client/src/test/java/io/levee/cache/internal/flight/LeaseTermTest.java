package io.levee.cache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.LeasePolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTermTest {
    private final LeaseTerm term = new LeaseTerm(LeasePolicy.on(Duration.ofSeconds(10)));

    @Test
    void loadsShorterThanTheLease_leaveItAsThePolicyHasIt() {
        assertThat(term.seconds()).isEqualTo(10);
        term.loadTook(Duration.ofMillis(500).toNanos());
        assertThat(term.seconds()).isEqualTo(10);
    }

    @Test
    void loadThatTakesLong_lengthensTheNextLeasesPastIt() {
        term.loadTook(Duration.ofSeconds(15).toNanos());

        assertThat(term.seconds()).isEqualTo(48);
        assertThat(term.surelyNanos()).isEqualTo(Duration.ofSeconds(47).toNanos());
    }

    @Test
    void loadsThatAreQuickAgain_bringItBackByAndBy() {
        term.loadTook(Duration.ofSeconds(15).toNanos());

        term.loadTook(1);
        assertThat(term.seconds()).isBetween(40, 47);
        for (int i = 0; i < 40; i++) {
            term.loadTook(1);
        }
        assertThat(term.seconds()).isEqualTo(10);
    }

    @Test
    void loadThatTakesHours_isBounded() {
        term.loadTook(Duration.ofDays(1).toNanos());

        assertThat(term.seconds()).isEqualTo(3_600);
    }
}
