package io.levee.cache.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.CacheSettings;
import io.levee.cache.LeasePolicy;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.CodecException;
import io.levee.cache.codec.Encoded;
import io.levee.cache.codec.StringCodec;
import io.levee.cache.internal.entry.EntryFormat;
import io.levee.cache.internal.entry.EntryHeader;
import io.levee.cache.internal.entry.NotAnEntryException;
import io.levee.cache.internal.local.Envelope.Sealed;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The times of values, on this process's clock and across the clocks of two. */
class EnvelopeTest {
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration STALE = Duration.ofHours(1);
    private static final Duration ABSENT = Duration.ofSeconds(30);

    private static final long GENERATION = 5;

    private final Clock here = new Clock();
    private final Clock there = new Clock();

    /** Nanoseconds that wrap around within the test, as those of a JVM may. */
    private static final class Clock implements TimeSource {
        private long millis = 1_700_000_000_000L;
        private long nanos = Long.MAX_VALUE - 1_000_000;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        void pass(Duration time) {
            millis += time.toMillis();
            nanos += time.toNanos();
        }

        void setAhead(Duration time) {
            millis += time.toMillis();
        }
    }

    private static final class Undecodable implements Codec<String> {
        @Override
        public Encoded encode(String value) {
            return null;
        }

        @Override
        public String decode(Encoded encoded) {
            return null;
        }
    }

    private static CacheSettings settings(double jitter, Duration refresh, Duration near) {
        return settings(jitter, refresh, near, 0);
    }

    private static CacheSettings settings(double jitter, Duration refresh, Duration near, int schemaVersion) {
        return new CacheSettings(
                "c",
                FRESH,
                STALE,
                refresh,
                near,
                ABSENT,
                jitter,
                1,
                FRESH,
                Duration.ZERO,
                Duration.ZERO,
                LeasePolicy.on(),
                Duration.ZERO,
                null,
                schemaVersion);
    }

    private static Envelope<String> envelope(TimeSource time) {
        return new Envelope<>(StringCodec.INSTANCE, settings(0, Duration.ZERO, Duration.ZERO), time);
    }

    private LocalEntry<String> open(byte[] data, LocalEntry<String> held) throws NotAnEntryException {
        return open(envelope(here), data, 7, GENERATION, held);
    }

    /** As a reader does: null for what is as good as not there. */
    private static LocalEntry<String> open(
            Envelope<String> envelope, byte[] data, long token, long generation, LocalEntry<String> held)
            throws NotAnEntryException {
        EntryHeader header = EntryFormat.header(data, EntryFormat.CLIENT_FLAGS);
        return envelope.isPast(header, generation) ? null : envelope.open(data, header, token, held);
    }

    @Test
    void seal_thenOpen_givesTheValueAndItsTimes() throws Exception {
        Sealed<String> sealed = envelope(there).seal("v", 0, GENERATION);
        here.pass(Duration.ofMinutes(4));

        LocalEntry<String> entry = open(sealed.data(), null);

        assertThat(entry.value()).isEqualTo("v");
        assertThat(entry.ageNanos(here.nanos())).isEqualTo(Duration.ofMinutes(4).toNanos());
        assertThat(entry.isFresh(here.nanos())).isTrue();
        here.pass(Duration.ofMinutes(6).minusMillis(1));
        assertThat(entry.isFresh(here.nanos())).isTrue();
        here.pass(Duration.ofMillis(1));
        assertThat(entry.isFresh(here.nanos())).isFalse();
        assertThat(entry.isStale(here.nanos())).isTrue();
        here.pass(STALE);
        assertThat(entry.isStale(here.nanos())).isFalse();
        assertThat(sealed.ttl()).isEqualTo(FRESH.plus(STALE));
    }

    @Test
    void entryOfThisProcess_agesAsTheOneInMemcached() {
        LocalEntry<String> entry = envelope(here).seal("v", 0, GENERATION).entry();

        here.pass(FRESH.minusMillis(1));
        assertThat(entry.isFresh(here.nanos())).isTrue();
        here.pass(Duration.ofMillis(1));
        assertThat(entry.isStale(here.nanos())).isTrue();
    }

    @Test
    void writersClockAhead_isNotFreshForLongerThanItsWriterSaid() throws Exception {
        there.setAhead(Duration.ofHours(5));
        byte[] data = envelope(there).seal("v", 0, GENERATION).data();

        LocalEntry<String> entry = open(data, null);

        assertThat(entry.ageNanos(here.nanos())).isZero();
        here.pass(FRESH);
        assertThat(entry.isFresh(here.nanos())).isFalse();
        assertThat(open(data, entry).isFresh(here.nanos()))
                .as("read again: the same version, whose time goes on")
                .isFalse();
    }

    @Test
    void writersClockBehind_isOldFromTheFirst() throws Exception {
        here.setAhead(Duration.ofHours(5));

        LocalEntry<String> entry = open(envelope(there).seal("v", 0, GENERATION).data(), null);

        assertThat(entry.isFresh(here.nanos())).isFalse();
        assertThat(entry.isStale(here.nanos())).isFalse();
    }

    @Test
    void open_ofTheVersionHeld_decodesNothing() throws Exception {
        byte[] data = envelope(there).seal("v", 0, GENERATION).data();
        LocalEntry<String> held = open(data, null);

        assertThat(open(data, held)).isSameAs(held);
        assertThat(open(envelope(here), data, 8, GENERATION, held)).isNotSameAs(held);
    }

    @Test
    void entryOfAnEarlierGeneration_isRefusedThoughItIsHeld() throws Exception {
        Sealed<String> sealed = envelope(there).seal("v", 0, GENERATION);
        LocalEntry<String> held = open(sealed.data(), null);

        assertThat(open(envelope(here), sealed.data(), 7, GENERATION + 1, held)).isNull();
    }

    @Test
    void entryOfAnEarlierGeneration_isRefusedBeforeItIsDecoded() throws Exception {
        byte[] data = envelope(there).seal("v", 0, GENERATION).data();
        Envelope<String> undecoding =
                new Envelope<>(new Undecodable(), settings(0, Duration.ZERO, Duration.ZERO), here);

        assertThat(open(undecoding, data, 7, GENERATION + 1, null)).isNull();
        assertThatThrownBy(() -> open(undecoding, data, 7, GENERATION, null)).isInstanceOf(CodecException.class);
    }

    @Test
    void entryOfALaterGeneration_isTaken() throws Exception {
        byte[] data = envelope(there).seal("v", 0, GENERATION).data();

        assertThat(open(envelope(here), data, 7, GENERATION - 1, null).value()).isEqualTo("v");
    }

    private Envelope<String> release(int schemaVersion) {
        return new Envelope<>(StringCodec.INSTANCE, settings(0, Duration.ZERO, Duration.ZERO, schemaVersion), here);
    }

    private static EntryHeader header(byte[] data) throws NotAnEntryException {
        return EntryFormat.header(data, EntryFormat.CLIENT_FLAGS);
    }

    @Test
    void entryOfAnEarlierRelease_isPast() throws Exception {
        byte[] data = release(1).seal("v", 0, GENERATION).data();

        assertThat(release(2).isPast(header(data), GENERATION)).isTrue();
        assertThat(release(1).isPast(header(data), GENERATION)).isFalse();
        assertThat(release(0).isPast(header(data), GENERATION)).isFalse();
    }

    @Test
    void entryOfALaterRelease_isThatUnlessItIsPast() throws Exception {
        byte[] data = release(65_535).seal("v", 0, GENERATION).data();

        assertThat(release(65_534).isOfLaterRelease(header(data))).isTrue();
        assertThat(release(65_535).isOfLaterRelease(header(data))).isFalse();
        assertThat(release(65_534).isPast(header(data), GENERATION + 1)).isTrue();
    }

    @Test
    void sealAgain_isOfTheReleaseOfThisProcess() throws Exception {
        LocalEntry<String> entry = release(3).seal("v", 0, GENERATION).entry();

        assertThat(header(release(3).sealAgain(entry, GENERATION).data()).schemaVersion())
                .isEqualTo(3);
    }

    @Test
    void absence_isFreshForItsTimeAndNeverStale() throws Exception {
        Sealed<String> sealed = envelope(there).seal(null, 0, GENERATION);

        LocalEntry<String> entry = open(sealed.data(), null);

        assertThat(entry.isAbsence()).isTrue();
        assertThat(sealed.ttl()).isEqualTo(ABSENT);
        assertThat(entry.isFresh(here.nanos())).isTrue();
        here.pass(ABSENT);
        assertThat(entry.isFresh(here.nanos())).isFalse();
        assertThat(entry.isStale(here.nanos())).isFalse();
    }

    @Test
    void jitter_onlyShortens() {
        Envelope<String> jittered =
                new Envelope<>(StringCodec.INSTANCE, settings(0.5, Duration.ZERO, Duration.ZERO), here);
        boolean varied = false;
        for (int i = 0; i < 100; i++) {
            Duration ttl = jittered.seal("v", 0, GENERATION).ttl();
            assertThat(ttl).isBetween(FRESH.dividedBy(2).plus(STALE), FRESH.plus(STALE));
            varied |= ttl.compareTo(FRESH.plus(STALE)) < 0;
        }
        assertThat(varied).isTrue();
    }

    @Test
    void refreshing_keepsTheFullLifeInMemcached_soThatItsAgeIsTold() {
        Duration refresh = Duration.ofMinutes(1);
        CacheSettings settings = settings(0.5, refresh, Duration.ZERO);
        Envelope<String> envelope = new Envelope<>(StringCodec.INSTANCE, settings, here);

        for (int i = 0; i < 100; i++) {
            assertThat(envelope.seal("v", 0, GENERATION).ttl().minus(Envelope.dueWithin(settings)))
                    .isEqualTo(refresh);
        }
    }

    @Test
    void refreshingLate_isDueBeforeTheJitterEndsItsFreshness() {
        CacheSettings settings = settings(0.5, Duration.ofMinutes(9), Duration.ZERO);

        Duration age = FRESH.plus(STALE).minus(Envelope.dueWithin(settings));

        assertThat(age).isEqualTo(FRESH.dividedBy(2));
        assertThat(Envelope.dueWithin(settings(0.5, Duration.ZERO, Duration.ZERO)))
                .isEqualTo(STALE);
    }

    @Test
    void near_isForItsTimeAndNotPastFreshness() throws Exception {
        Envelope<String> near =
                new Envelope<>(StringCodec.INSTANCE, settings(0, Duration.ZERO, Duration.ofMinutes(8)), here);
        Sealed<String> sealed = near.seal("v", 0, GENERATION);

        here.pass(Duration.ofMinutes(7));
        LocalEntry<String> read = open(near, sealed.data(), 7, GENERATION, null);

        assertThat(read.isNear(here.nanos())).isTrue();
        here.pass(Duration.ofMinutes(1));
        assertThat(sealed.entry().isNear(here.nanos())).isFalse();
        assertThat(read.isNear(here.nanos())).isTrue();
        here.pass(Duration.ofMinutes(2));
        assertThat(read.isNear(here.nanos())).as("not fresh any more").isFalse();
    }

    @Test
    void sealAgain_laterElsewhere_isAsOldAndAsFreshAsTheFirst() throws Exception {
        LocalEntry<String> first =
                open(envelope(there).seal("v", 2_500_000_000L, GENERATION).data(), null);
        here.pass(Duration.ofMinutes(4));

        Envelope.Item item = envelope(here).sealAgain(first, GENERATION + 1);

        LocalEntry<String> again = open(envelope(here), item.data(), 8, GENERATION + 1, null);
        assertThat(item.ttl()).isEqualTo(FRESH.plus(STALE).minusMinutes(4));
        assertThat(again.value()).isEqualTo("v");
        assertThat(again.ageNanos(here.nanos())).isEqualTo(first.ageNanos(here.nanos()));
        assertThat(again.overdueNanos(here.nanos())).isEqualTo(first.overdueNanos(here.nanos()));
        assertThat(again.loadedAtMillis()).isEqualTo(first.loadedAtMillis());
        assertThat(EntryFormat.header(item.data(), EntryFormat.CLIENT_FLAGS).loadMillis())
                .isEqualTo(2_500);
    }

    @Test
    void sealAgain_valueThatIsRefreshed_keepsTheLifeThatSaysWhenThatIsDue() throws Exception {
        Envelope<String> refreshed =
                new Envelope<>(StringCodec.INSTANCE, settings(0.5, Duration.ofMinutes(1), Duration.ZERO), here);
        Sealed<String> sealed = refreshed.seal("v", 0, GENERATION);
        here.pass(Duration.ofMinutes(1));

        assertThat(refreshed.sealAgain(sealed.entry(), GENERATION).ttl())
                .isEqualTo(sealed.ttl().minusMinutes(1));
    }

    @Test
    void outliving_shorterLife_isLongEnoughAndNotNearItsEnd() {
        Duration least = Duration.ofMinutes(2);

        assertThat(envelope(here).outliving(least, Duration.ofSeconds(1))).isEqualTo(least.plus(STALE));
        assertThat(envelope(here).outliving(least, Duration.ofHours(5))).isEqualTo(Duration.ofHours(5));
        assertThat(envelope(here).outliving(Duration.ZERO, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void unsealed_isNeitherFreshNorStale() {
        LocalEntry<String> entry = envelope(here).unsealed("v");

        assertThat(entry.value()).isEqualTo("v");
        assertThat(entry.isFresh(here.nanos())).isFalse();
        assertThat(entry.isStale(here.nanos())).isFalse();
        assertThat(entry.isNear(here.nanos())).isFalse();
    }

    @Test
    void codecThatMakesNull_isRefused() {
        byte[] data = envelope(there).seal("v", 0, GENERATION).data();

        assertThatThrownBy(() -> open(
                        new Envelope<>(new Undecodable(), settings(0, Duration.ZERO, Duration.ZERO), here),
                        data,
                        7,
                        GENERATION,
                        null))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void bytesOfAnother_areRefused() {
        assertThatThrownBy(() -> EntryFormat.header(new byte[40], 0)).isInstanceOf(NotAnEntryException.class);
    }
}
