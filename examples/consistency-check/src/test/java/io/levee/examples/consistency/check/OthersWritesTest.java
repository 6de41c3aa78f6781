package io.levee.examples.consistency.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a process reads after writes of others, while nothing is broken. */
class OthersWritesTest {
    private final HandMade history = new HandMade();

    @Test
    void olderVersion_readAfterAnothersWrite_breaksTheRule() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110).read("w2.1", "plain/i0", 1, 111, 112);

        assertThat(history.check()).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.OTHERS_WRITE);
            assertThat(violation.process()).isEqualTo("w2.1");
            assertThat(violation.read().version()).isEqualTo(1);
            assertThat(violation.duty().process()).isEqualTo("w1.1");
            assertThat(violation.duty().version()).isEqualTo(2);
        });
    }

    @Test
    void olderVersion_readBegunBeforeTheWriteReturned_isAllowed() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110).read("w2.1", "plain/i0", 1, 109, 200);

        assertThat(history.broken()).isEmpty();
    }

    @Test
    void successorInTheSameSlot_isAnotherProcess() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .killed("w1.1", 200)
                .read("w1.2", "plain/i0", 1, 300, 301);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void nearCache_servesOlderVersion_forItsTimeOnly() {
        HandMade near =
                history.write("w1.1", "invalidate", "near/i0", 2, 100, 110).read("w2.1", "near/i0", 1, 509, 510);
        assertThat(near.broken()).isEmpty();

        assertThat(near.read("w2.1", "near/i0", 1, 511, 512).broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void loadUnderWay_isNotJoinedByReadsAfterTheWrite() {
        history.load("w2.1", "plain/i0", 1, 90, 400)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 1, 200, 401);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void loadUnderWay_isKeptNearForItsTimeOnly() {
        HandMade near = history.load("w2.1", "near/i0", 1, 90, 400)
                .write("w1.1", "invalidate", "near/i0", 2, 100, 110)
                .read("w2.1", "near/i0", 1, 700, 701);
        assertThat(near.broken()).isEmpty();

        assertThat(near.read("w2.1", "near/i0", 1, 1_400, 1_401).broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void loadOfAThirdProcess_excusesNobody() {
        history.load("w3.1", "plain/i0", 1, 90, 400)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 1, 200, 201);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void failedLoad_letsTheLastKnownValueStandIn_forAWhile() {
        HandMade failed = history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .load("w2.1", "plain/i0", 0, 200, 210)
                .read("w2.1", "plain/i0", 1, 199, 211)
                .read("w2.1", "plain/i0", 1, 1_000, 1_001);
        assertThat(failed.broken()).isEmpty();

        assertThat(failed.read("w2.1", "plain/i0", 1, 2_000, 2_001).broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void readThatTookAsLongAsATimeout_wasPerhapsNotAnswered() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110).read("w2.1", "plain/i0", 1, 200, 600);

        assertThat(history.broken()).isEmpty();
    }

    @Test
    void clear_isSeenByOthersAfterTwoSecondsAndAMargin() {
        HandMade cleared = history.commit("w3.1", "plain/i0", 2, 100)
                .clear("w1.1", "plain", 200, 210)
                .read("w2.1", "plain/i0", 1, 2_600, 2_601);
        assertThat(cleared.broken()).isEmpty();

        assertThat(cleared.read("w2.1", "plain/i0", 1, 2_800, 2_801).broken()).containsExactly(Rule.OTHERS_CLEAR);
    }

    @Test
    void clear_whileAnyNodeIsDead_isDueWhenAllHaveRejoined() {
        HandMade cleared = history.commit("w3.1", "plain/i0", 2, 100)
                .fault(3, Set.of(), 150, 1_000)
                .clear("w1.1", "plain", 200, 210)
                .read("w2.1", "plain/i0", 1, 5_400, 5_401);
        assertThat(cleared.broken()).isEmpty();

        assertThat(cleared.read("w2.1", "plain/i0", 1, 5_600, 5_601).broken()).containsExactly(Rule.OTHERS_CLEAR);
    }
}
