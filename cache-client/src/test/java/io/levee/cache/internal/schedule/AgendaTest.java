package io.levee.cache.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.internal.read.Renewal.Result;
import io.levee.cache.internal.schedule.Agenda.Look;
import io.levee.cache.internal.schedule.Agenda.Standing;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A minute's rounds, in time that the test moves. */
class AgendaTest {
    private static final long PERIOD_MILLIS = 60_000;
    private static final Duration PERIOD = Duration.ofMillis(PERIOD_MILLIS);
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(100);

    private final Clock clock = new Clock();

    /** The wall clock may be set, the other cannot. */
    private static final class Clock implements TimeSource {
        private long passedNanos;
        private long startMillis = Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();

        void advance(Duration by) {
            passedNanos += by.toNanos();
        }

        void set(Duration by) {
            startMillis += by.toMillis();
        }

        @Override
        public long millis() {
            return startMillis + passedNanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return passedNanos;
        }
    }

    private Agenda<String> agenda(int atOnce, int seed) {
        return new Agenda<>(PERIOD, LIFE, atOnce, key -> key, clock, new SplittableRandom(seed));
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key-" + i).toList();
    }

    /** Makes all looks of a time to come, each with the same result. Returns when they were due, in milliseconds from now. */
    private List<Long> run(Agenda<String> agenda, Duration time, Result result) {
        List<Long> looks = new ArrayList<>();
        long startNanos = clock.nanos();
        while (clock.nanos() - startNanos < time.toNanos()) {
            for (Look<String> look = agenda.next(); look != null; look = agenda.next()) {
                looks.add((clock.nanos() - startNanos) / 1_000_000);
                agenda.done(look, result);
            }
            clock.advance(STEP);
        }
        return looks;
    }

    @Test
    void newKeys_areLookedAtAtOnceUpToTheBound() {
        Agenda<String> agenda = agenda(3, 1);
        agenda.list(keys(5));

        List<Look<String>> begun = new ArrayList<>();
        for (Look<String> look = agenda.next(); look != null; look = agenda.next()) {
            begun.add(look);
        }

        assertThat(begun).hasSize(3);
        assertThat(agenda.waitNanos()).as("none may begin, whatever is due").isEqualTo(Long.MAX_VALUE);
        agenda.done(begun.get(0), Result.CURRENT);
        assertThat(agenda.next()).isNotNull();
        assertThat(agenda.next()).isNull();
    }

    @Test
    void currentKey_isLookedAtOnceInEachRoundWithinItsFirstTenth() {
        Agenda<String> agenda = agenda(1, 2);
        agenda.list(List.of("key"));
        agenda.done(agenda.next(), Result.CURRENT);

        for (int round = 0; round < 50; round++) {
            clock.advance(Duration.ofNanos(agenda.waitNanos()));
            Look<String> look = agenda.next();
            assertThat(look).isNotNull();
            assertThat(clock.nanos() - look.demand().sinceNanos())
                    .as("since the round began")
                    .isBetween(0L, PERIOD.toNanos() / 10);
            clock.advance(Duration.ofSeconds(2));
            agenda.done(look, Result.CURRENT);
            assertThat(agenda.waitNanos()).isGreaterThan(PERIOD.toNanos() / 2);
        }
    }

    @Test
    void manyKeys_areSpreadOverThePeriod() {
        Agenda<String> agenda = agenda(1_000, 3);
        agenda.list(keys(1_000));
        assertThat(run(agenda, STEP, Result.CURRENT)).as("at once, being new").hasSize(1_000);

        List<Long> looks = run(agenda, PERIOD.multipliedBy(2), Result.CURRENT);

        for (long from = PERIOD_MILLIS / 2; from < PERIOD_MILLIS * 3 / 2; from += PERIOD_MILLIS / 10) {
            long begin = from;
            assertThat(looks.stream().filter(at -> at >= begin && at < begin + PERIOD_MILLIS / 10))
                    .as("looks from %s ms on", begin)
                    .hasSizeBetween(60, 140);
        }
    }

    @Test
    void twoProcesses_startedAtDifferentMoments_countTheSameRounds() {
        Agenda<String> here = agenda(1, 4);
        Agenda<String> there = agenda(1, 5);
        here.list(List.of("key"));
        clock.advance(Duration.ofSeconds(23));
        there.list(List.of("key"));

        assertThat(here.next().demand().sinceNanos())
                .as("when the round began")
                .isEqualTo(there.next().demand().sinceNanos());
    }

    @Test
    void twoProcesses_afterOneRound_lookAtDifferentMoments() {
        Agenda<String> here = agenda(1, 6);
        Agenda<String> there = agenda(1, 7);
        here.list(List.of("key"));
        there.list(List.of("key"));
        here.done(here.next(), Result.CURRENT);
        there.done(there.next(), Result.CURRENT);

        assertThat(here.waitNanos()).isNotEqualTo(there.waitNanos());
    }

    @Test
    void failingKey_isTriedAgainAfterOneTwoFourAndThenEightRounds() {
        Agenda<String> agenda = agenda(1, 8);
        agenda.list(List.of("key"));
        List<Integer> tried = new ArrayList<>();

        for (int round = 0; round < 32; round++) {
            Look<String> look = agenda.next();
            if (look.demand().mayLoad()) {
                tried.add(round);
            }
            agenda.done(look, look.demand().mayLoad() ? Result.FAILED : Result.DUE);
            clock.advance(Duration.ofNanos(agenda.waitNanos()));
        }

        assertThat(tried).containsExactly(0, 1, 3, 7, 15, 23, 31);
    }

    @Test
    void failedKeyThatSucceeds_isTriedInEachRoundAgain() {
        Agenda<String> agenda = agenda(1, 9);
        agenda.list(List.of("key"));
        for (Result result : List.of(Result.FAILED, Result.FAILED, Result.DUE, Result.CURRENT, Result.FAILED)) {
            Look<String> look = agenda.next();
            agenda.done(look, result);
            clock.advance(Duration.ofNanos(agenda.waitNanos()));
        }

        assertThat(agenda.next().demand().mayLoad()).isTrue();
    }

    @Test
    void keyUnderWay_isLookedAtAgainSoon() {
        Agenda<String> agenda = agenda(1, 10);
        agenda.list(List.of("key"));

        agenda.done(agenda.next(), Result.UNDER_WAY);

        assertThat(agenda.waitNanos()).isBetween(1_000_000_000L, 1_100_000_000L);
    }

    @Test
    void keyNotRenewedInAWholeRound_isLateAndSaysWhy() {
        Agenda<String> agenda = agenda(1, 11);
        agenda.list(List.of("key"));
        agenda.done(agenda.next(), Result.CURRENT);
        assertThat(agenda.standing()).isEqualTo(new Standing(1, 0, null));

        run(agenda, PERIOD, Result.FAILED);
        assertThat(agenda.standing()).as("the round is not over").isEqualTo(new Standing(1, 0, null));
        run(agenda, PERIOD, Result.FAILED);
        assertThat(agenda.standing()).isEqualTo(new Standing(1, 1, "the loader fails"));

        run(agenda, PERIOD, Result.CURRENT);
        assertThat(agenda.standing()).isEqualTo(new Standing(1, 0, null));
    }

    @Test
    void lookThatDoesNotEnd_makesItsKeyLateAndIsNotMadeAgain() {
        Agenda<String> agenda = agenda(2, 12);
        agenda.list(List.of("key"));
        assertThat(agenda.next()).isNotNull();

        for (int round = 0; round < 3; round++) {
            clock.advance(PERIOD);
            assertThat(agenda.next()).isNull();
        }

        assertThat(agenda.standing().late()).isEqualTo(1);
        assertThat(agenda.standing().why()).startsWith("a load has not come to its end");
    }

    @Test
    void keyNoLongerListed_isNotLookedAtUntilItIsListedAgain() {
        Agenda<String> agenda = agenda(2, 13);
        agenda.list(List.of("gone", "stays"));
        run(agenda, STEP, Result.CURRENT);
        agenda.list(List.of("stays"));

        assertThat(run(agenda, PERIOD.multipliedBy(3), Result.CURRENT)).hasSizeBetween(2, 4);
        assertThat(agenda.standing().keys()).isEqualTo(1);

        agenda.list(List.of("gone", "stays"));
        assertThat(run(agenda, STEP, Result.CURRENT)).as("as a new one").hasSizeBetween(1, 2);
    }

    @Test
    void keyRemovedInTheMiddleOfItsLook_isForgotten() {
        Agenda<String> agenda = agenda(2, 14);
        agenda.list(List.of("key"));
        Look<String> look = agenda.next();
        agenda.list(List.of());

        agenda.done(look, Result.CURRENT);

        assertThat(agenda.waitNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void textOfAKeyThatFails_leavesTheKeysAsTheyWere() {
        Agenda<String> agenda = new Agenda<>(
                PERIOD,
                LIFE,
                9,
                key -> {
                    if (key.equals("bad")) {
                        throw new IllegalStateException("no text");
                    }
                    return key;
                },
                clock,
                new SplittableRandom(18));
        agenda.list(List.of("a"));

        assertThatThrownBy(() -> agenda.list(List.of("b", "bad"))).isInstanceOf(IllegalStateException.class);

        assertThat(agenda.standing().keys()).isEqualTo(1);
        assertThat(agenda.next().key()).isEqualTo("a");
        assertThat(agenda.next()).isNull();
    }

    @Test
    void forgiven_noKeyIsLateForWhatWasBefore() {
        Agenda<String> agenda = agenda(1, 19);
        agenda.list(List.of("key"));
        clock.advance(PERIOD.multipliedBy(5));
        assertThat(agenda.standing().late()).isEqualTo(1);

        agenda.forgive();

        assertThat(agenda.standing().late()).isZero();
        clock.advance(PERIOD);
        assertThat(agenda.standing().late()).isEqualTo(1);
    }

    @Test
    void keyListedTwice_isLookedAtOnce() {
        Agenda<String> agenda = agenda(9, 15);
        agenda.list(List.of("key", "key"));

        assertThat(run(agenda, STEP, Result.CURRENT)).hasSize(1);
    }

    @Test
    void wallClockSetBack_doesNotPutOffTheNextLook() {
        Agenda<String> agenda = agenda(1, 16);
        agenda.list(List.of("key"));
        agenda.done(agenda.next(), Result.CURRENT);

        clock.set(Duration.ofHours(-3));
        clock.advance(PERIOD.multipliedBy(11).dividedBy(10));

        assertThat(agenda.next()).isNotNull();
    }

    @Test
    void nodeOutOfReach_valueIsRenewedByTheLastLookBeforeItsEnd() {
        Agenda<String> agenda = agenda(1, 17);
        agenda.list(List.of("key"));

        // Looks are at most 1.1 periods apart: a value that is not due at one is fresh still at the next.
        assertThat(agenda.next().demand().blindAgeNanos())
                .isEqualTo(LIFE.minus(PERIOD.multipliedBy(11).dividedBy(10)).toNanos());
    }
}
