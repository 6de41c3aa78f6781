package io.levee.examples.consistency.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process reads after its own writes: nothing excuses an older version. */
class OwnWritesTest {
    private final HandMade history = new HandMade();

    @ParameterizedTest
    @CsvSource({"invalidate, plain/i0", "put, plain/p0", "invalidate, near/i0"})
    void olderVersion_readAfterOwnWrite_breaksTheRule(String call, String item) {
        history.write("w1.1", call, item, 2, 100, 110).read("w1.1", item, 1, 111, 112);

        assertThat(history.broken()).containsExactly(Rule.OWN_WRITE);
    }

    @Test
    void olderVersion_readWhileTheNodeIsDead_breaksTheRule() {
        history.fault(1, Set.of(), 50, 5_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w1.1", "plain/i0", 1, 200, 201);

        assertThat(history.broken()).containsExactly(Rule.OWN_WRITE);
    }

    @Test
    void olderVersion_readFromALoadThatBeganBefore_breaksTheRule() {
        history.load("w1.1", "plain/i0", 1, 50, 300)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w1.1", "plain/i0", 1, 200, 301);

        assertThat(history.broken()).containsExactly(Rule.OWN_WRITE);
    }

    @Test
    void olderVersion_readBegunBeforeTheWriteReturned_isAllowed() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110).read("w1.1", "plain/i0", 1, 109, 150);

        assertThat(history.broken()).isEmpty();
    }

    @Test
    void sameOrNewerVersion_readAfterOwnWrite_isAllowed() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w1.1", "plain/i0", 2, 111, 112)
                .commit("w2.1", "plain/i0", 3, 120)
                .read("w1.1", "plain/i0", 3, 121, 122);

        assertThat(history.broken()).isEmpty();
    }

    @Test
    void anothersGivenUpPut_arrivesAfterOwnPut_isAllowedUntilTheOtherHasRejoined() {
        HandMade late = history.fault(1, Set.of(2), 50, 1_000)
                .write("w2.1", "put", "plain/p0", 2, 100, 500)
                .write("w1.1", "put", "plain/p0", 3, 600, 601)
                .read("w1.1", "plain/p0", 2, 1_100, 1_101);
        assertThat(late.broken()).isEmpty();

        assertThat(late.read("w1.1", "plain/p0", 2, 3_100, 3_101).broken()).containsExactly(Rule.OWN_WRITE);
    }

    @Test
    void ownGivenUpPut_arrivesAfterOwnNewerPut_breaksTheRule() {
        history.fault(1, Set.of(1), 50, 1_000)
                .write("w1.1", "put", "plain/p0", 2, 100, 500)
                .write("w1.1", "put", "plain/p0", 3, 600, 601)
                .read("w1.1", "plain/p0", 2, 1_100, 1_101);

        assertThat(history.broken()).containsExactly(Rule.OWN_WRITE);
    }

    @Test
    void olderVersion_readAfterOwnClear_breaksTheRule() {
        history.commit("w2.1", "plain/i0", 2, 100)
                .clear("w1.1", "plain", 200, 210)
                .read("w1.1", "plain/i0", 1, 211, 212);

        assertThat(history.broken()).containsExactly(Rule.OWN_CLEAR);
    }

    @Test
    void clear_ofAnotherCacheOrNotYetReturned_asksForNothing() {
        history.commit("w2.1", "plain/i0", 2, 100)
                .clear("w1.1", "near", 200, 210)
                .clear("w1.1", "plain", 220, 300)
                .read("w1.1", "plain/i0", 1, 299, 301);

        assertThat(history.broken()).isEmpty();
    }

    @Test
    void versionCommittedDuringAClear_isNotAskedForByIt() {
        history.clear("w1.1", "plain", 200, 210)
                .commit("w2.1", "plain/i0", 2, 205)
                .read("w1.1", "plain/i0", 1, 211, 212);

        assertThat(history.broken()).isEmpty();
    }
}
