package io.levee.examples.consistency.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What faults excuse, for whom, and until when. Processes have rejoined 2 s after a fault. */
class FaultsTest {
    private final HandMade history = new HandMade();

    @Test
    void writerCutOff_othersReadTheOldValueUntilItHasRejoined() {
        HandMade cut = history.fault(1, Set.of(1), 50, 1_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 500)
                .read("w2.1", "plain/i0", 1, 800, 801)
                .read("w2.1", "plain/i0", 1, 2_999, 3_000);
        assertThat(cut.broken()).isEmpty();

        assertThat(cut.read("w2.1", "plain/i0", 1, 3_001, 3_002).broken()).containsExactly(Rule.HEALED);
    }

    @Test
    void readerCutOff_afterTheWrite_servesWhatItKnows() {
        HandMade cut = history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .fault(1, Set.of(2), 1_000, 2_000)
                .read("w2.1", "plain/i0", 1, 1_500, 1_501);
        assertThat(cut.broken()).isEmpty();

        assertThat(cut.read("w2.1", "plain/i0", 1, 4_001, 4_002).broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void faultOfAnotherNode_excusesNothing() {
        history.fault(2, Set.of(), 50, 5_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 1, 200, 201);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void faultOfOtherWorkers_excusesNothing() {
        history.fault(1, Set.of(3, 4), 50, 5_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 1, 200, 201);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void faultsOneUponTheOther_delayTheWriteUntilTheLastIsOver() {
        HandMade cut = history.fault(1, Set.of(1), 50, 1_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 500)
                .fault(1, Set.of(1), 2_500, 3_000)
                .read("w2.1", "plain/i0", 1, 4_900, 4_901);
        assertThat(cut.broken()).isEmpty();

        assertThat(cut.read("w2.1", "plain/i0", 1, 5_001, 5_002).broken()).containsExactly(Rule.HEALED);
    }

    @Test
    void laterFaultOfTheWriter_doesNotUndoTheWrite() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .fault(1, Set.of(1), 1_000, 2_000)
                .read("w2.1", "plain/i0", 1, 1_500, 1_501);

        assertThat(history.broken()).containsExactly(Rule.OTHERS_WRITE);
    }

    @Test
    void writerKilled_beforeItRejoined_owesOthersNothingButTheValuesLife() {
        HandMade orphaned = history.fault(1, Set.of(1), 50, 1_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 500)
                .killed("w1.1", 1_500)
                .read("w2.1", "plain/i0", 1, 8_000, 8_001);
        assertThat(orphaned.broken()).isEmpty();

        assertThat(orphaned.read("w2.1", "plain/i0", 1, 18_000, 18_001).broken())
                .containsExactly(Rule.AGE);
    }

    @Test
    void readerCutOff_forLongerThanAValueLives_doesNotServeItForEver() {
        history.fault(1, Set.of(2), 50, 500)
                .fault(1, Set.of(2), 600, 60_000)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 500)
                .read("w2.1", "plain/i0", 1, 100_000, 100_001);

        assertThat(history.broken()).contains(Rule.HEALED);
    }

    @Test
    void nodeThatAProcessTookForDead_excusesItLikeAFault() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 2_000, 2_001)
                .nodeChange("w2.1", 1, true, 10)
                .nodeChange("w2.1", 1, false, 3_000)
                .read("w2.1", "plain/i0", 1, 3_100, 3_101)
                .read("w3.1", "plain/i0", 1, 3_100, 3_101)
                .nodeChange("w2.1", 1, true, 4_000);

        assertThat(history.check()).extracting(Violation::process).containsExactly("w3.1");
    }

    @Test
    void writeThatItsProcessHeardToHaveFailed_isDueALittleLater() {
        HandMade failed = history.write("w1.1", "invalidate", "plain/i0", 2, 2_000, 2_400)
                .writeFailure("w1.1", "plain/i0", 2_399)
                .read("w2.1", "plain/i0", 1, 3_000, 3_001);
        assertThat(failed.broken()).isEmpty();

        assertThat(failed.read("w2.1", "plain/i0", 1, 4_400, 4_401).broken()).containsExactly(Rule.HEALED);
    }

    @Test
    void readerCutOff_goesBackBehindWhatItHadRead_breaksTheRule() {
        history.write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 2, 1_000, 1_001)
                .fault(1, Set.of(2), 2_000, 3_000)
                .read("w2.1", "plain/i0", 1, 2_500, 2_501);

        assertThat(history.broken()).containsExactly(Rule.BACKWARDS);
    }

    @Test
    void readerCutOff_whoHadReadWhileAnEarlierCallWasUnderWay_mayHoldWhatThatBrought() {
        history.load("w2.1", "plain/i0", 1, 90, 1_200)
                .write("w1.1", "invalidate", "plain/i0", 2, 100, 110)
                .read("w2.1", "plain/i0", 2, 1_000, 1_001)
                .fault(1, Set.of(2), 2_000, 3_000)
                .read("w2.1", "plain/i0", 1, 2_500, 2_501);

        assertThat(history.broken()).isEmpty();
    }
}
