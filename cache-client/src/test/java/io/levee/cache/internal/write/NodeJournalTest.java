package io.levee.cache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.write.NodeJournal.Missed;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeJournalTest {
    private final NodeJournal journal = new NodeJournal();

    private void missed(String key) {
        journal.missed(null, key);
    }

    private List<String> keys() {
        return journal.some(Integer.MAX_VALUE).stream().map(Missed::key).toList();
    }

    private void overflow() {
        IntStream.rangeClosed(0, NodeJournal.MOST_KEYS).forEach(i -> missed("k" + i));
    }

    @Test
    void missed_aKeyTwice_isKeptOnce() {
        missed("k");
        missed("k");

        assertThat(keys()).containsExactly("k");
        assertThat(journal.isBarred("k")).isTrue();
        assertThat(journal.isBarred("other")).isFalse();
    }

    @Test
    void madeUpFor_asItStandsNow_isForgotten() {
        missed("k");

        journal.some(1).forEach(journal::madeUpFor);

        assertThat(journal.isBarred("k")).isFalse();
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void madeUpFor_missedAgainMeanwhile_stays() {
        missed("k");
        List<Missed> underWay = journal.some(1);
        missed("k");

        underWay.forEach(journal::madeUpFor);

        assertThat(journal.isBarred("k")).isTrue();
        journal.some(1).forEach(journal::madeUpFor);
        assertThat(journal.isBarred("k")).isFalse();
    }

    @Test
    void overwritten_whatWasMissed_isForgotten() {
        missed("k");
        missed("other");

        journal.overwritten("k");

        assertThat(keys()).containsExactly("other");
    }

    @Test
    void some_moreThanWanted_isBounded() {
        IntStream.range(0, 10).forEach(i -> missed("k" + i));

        assertThat(journal.some(3)).hasSize(3);
    }

    @Test
    void missed_asManyAsAreKept_barsThoseAlone() {
        IntStream.range(0, NodeJournal.MOST_KEYS).forEach(i -> missed("k" + i));

        assertThat(journal.hasOverflowed()).isFalse();
        assertThat(journal.isBarred("other")).isFalse();
        assertThat(keys()).hasSize(NodeJournal.MOST_KEYS);
    }

    @Test
    void missed_oneTooMany_barsEveryKeyAndKeepsNone() {
        overflow();

        assertThat(journal.hasOverflowed()).isTrue();
        assertThat(journal.isBarred("other")).isTrue();
        assertThat(journal.isEmpty()).isFalse();
        missed("one more");
        assertThat(keys()).isEmpty();
    }

    @Test
    void refuseLoadedBefore_afterAnOverflow_barsNoKeyAndKeepsNewOnes() {
        overflow();

        journal.refuseLoadedBefore(() -> 7);

        assertThat(journal.refusedBeforeMillis()).isEqualTo(7);
        assertThat(journal.isBarred("k1")).isFalse();
        assertThat(journal.isEmpty()).isTrue();
        missed("k1");
        assertThat(journal.isBarred("k1")).isTrue();
        assertThat(journal.refusedBeforeMillis()).isEqualTo(7);
    }

    @Test
    void refuseLoadedBefore_missedUntilThatMoment_isCoveredByIt() {
        overflow();

        // The moment is taken when nothing can be forgotten any more that it would not cover.
        journal.refuseLoadedBefore(() -> {
            assertThat(Thread.holdsLock(journal)).isTrue();
            return 7;
        });

        assertThat(journal.hasOverflowed()).isFalse();
    }

    @Test
    void beginRetry_whileOneRetries_isRefused() {
        assertThat(journal.beginRetry()).isTrue();
        assertThat(journal.beginRetry()).isFalse();
        journal.endRetry();
        assertThat(journal.beginRetry()).isTrue();
    }
}
