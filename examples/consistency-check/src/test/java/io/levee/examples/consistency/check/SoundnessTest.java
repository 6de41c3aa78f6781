package io.levee.examples.consistency.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rules that are not about the order of writes and reads. */
class SoundnessTest {
    private final HandMade history = new HandMade();

    @Test
    void versionThatWasNeverCommitted_read_breaksTheRule() {
        history.commit("w1.1", "plain/i0", 2, 100)
                .read("w2.1", "plain/i0", 2, 50, 99)
                .read("w2.1", "plain/i0", 3, 200, 201);

        assertThat(history.broken()).containsExactly(Rule.REAL_VALUE, Rule.REAL_VALUE);
    }

    @Test
    void firstVersion_read_isReal() {
        assertThat(history.read("w1.1", "plain/i0", 1, 0, 1).broken()).isEmpty();
    }

    @Test
    void errorsOfLoads_areAllowed_andOthersAreNot() {
        history.error("w1.1", "plain/i0", "io.levee.cache.LoadException: planned")
                .error("w1.1", "plain/i0", "!java.lang.NullPointerException");

        assertThat(history.check()).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.NO_ERROR);
            assertThat(violation.detail()).isEqualTo("java.lang.NullPointerException");
        });
    }

    @Test
    void processThatEndsWithANodeMissing_breaksTheRule() {
        history.farewell("w1.1", HandMade.NODES).farewell("w2.1", HandMade.NODES - 1);

        assertThat(history.check()).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.REJOIN);
            assertThat(violation.process()).isEqualTo("w2.1");
        });
    }
}
