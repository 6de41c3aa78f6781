package io.levee.cache.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShelfTest {
    private final LocalTier tier = new LocalTier(1 << 20);
    private final Shelf<String> shelf = tier.shelf();

    private static LocalEntry<String> entry(String value) {
        return new LocalEntry<>(value, 0, 0, 0, 0, 0, 0, value.length());
    }

    @Test
    void putAgain_nothingHappenedSince_holdsTheValueAndDropsLateFills() {
        LocalEntry<String> entry = entry("new");
        long stamp = shelf.put("k", entry);
        long readerStamp = shelf.stamp("k");

        shelf.putAgain("k", entry, stamp);

        assertThat(shelf.get("k")).isSameAs(entry);
        shelf.fill("k", entry("old"), readerStamp);
        assertThat(shelf.get("k")).isSameAs(entry);
    }

    @Test
    void putAgain_afterRemove_holdsNothing() {
        LocalEntry<String> entry = entry("put before the removal");
        long stamp = shelf.put("k", entry);
        shelf.remove("k");

        shelf.putAgain("k", entry, stamp);

        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void putAgain_afterAnotherPut_holdsNeither() {
        LocalEntry<String> entry = entry("first");
        long stamp = shelf.put("k", entry);
        shelf.put("k", entry("second"));

        shelf.putAgain("k", entry, stamp);

        assertThat(shelf.get("k")).isNull();
    }

    private static LocalEntry<String> written(String value, long atMillis, long staleUntilNanos) {
        return new LocalEntry<>(value, 0, atMillis, 0, 0, staleUntilNanos, 0, value.length());
    }

    @Test
    void fillRead_olderThanWhatIsHeldForLongerThanClocksDiffer_changesNothing() {
        LocalEntry<String> held = written("newer", 10_000, 100);
        shelf.fill("k", held, shelf.stamp("k"));

        shelf.fillRead("k", written("older", 7_999, 100), shelf.stamp("k"), 50);

        assertThat(shelf.get("k")).isSameAs(held);
    }

    @Test
    void fillRead_olderByNoMoreThanClocksDifferOrThanWhatIsOver_isHeld() {
        shelf.fill("k", written("newer", 10_000, 100), shelf.stamp("k"));
        LocalEntry<String> read = written("read", 8_000, 100);
        shelf.fillRead("k", read, shelf.stamp("k"), 50);
        assertThat(shelf.get("k")).isSameAs(read);

        LocalEntry<String> afterItsEnd = written("read later", 1, 1_000);
        shelf.fillRead("k", afterItsEnd, shelf.stamp("k"), 100);
        assertThat(shelf.get("k")).isSameAs(afterItsEnd);
    }

    @Test
    void fillRead_ofTheItemThatAValueOnItsWayIsToReplace_changesNothing() {
        LocalEntry<String> held = entry("loaded");
        held.heldFrom(0, 7, LocalEntry.NOT_BESIDE);
        held.onItsWay();
        shelf.fill("k", held, shelf.stamp("k"));

        shelf.fillRead("k", read("before", 7), shelf.stamp("k"), 50);
        assertThat(shelf.get("k")).isSameAs(held);

        LocalEntry<String> since = read("since", 8);
        shelf.fillRead("k", since, shelf.stamp("k"), 50);
        assertThat(shelf.get("k")).isSameAs(since);
    }

    private static LocalEntry<String> read(String value, long token) {
        return new LocalEntry<>(value, token, 0, 0, 0, 0, 0, value.length());
    }

    @Test
    void fill_withTheStamp_isHeld() {
        LocalEntry<String> entry = entry("v");
        shelf.fill("k", entry, shelf.stamp("k"));
        assertThat(shelf.get("k")).isSameAs(entry);
    }

    @Test
    void fill_afterARemoval_isRefused() {
        long stamp = shelf.stamp("k");
        shelf.remove("k");
        shelf.fill("k", entry("old"), stamp);
        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void fill_afterAPut_keepsThePut() {
        LocalEntry<String> put = entry("put");
        long stamp = shelf.stamp("k");
        shelf.put("k", put);
        shelf.fill("k", entry("old"), stamp);
        assertThat(shelf.get("k")).isSameAs(put);
    }

    @Test
    void putAgain_withTheStamp_isHeldAndRefusesAFillThatBeganBefore() {
        LocalEntry<String> entry = entry("written");
        long stamp = shelf.stamp("k");

        shelf.putAgain("k", entry, stamp);
        shelf.fill("k", entry("old"), stamp);

        assertThat(shelf.get("k")).isSameAs(entry);
    }

    @Test
    void putAgain_bothOfTwoWithOneStamp_theSecondLeavesNothing() {
        long stamp = shelf.stamp("k");

        shelf.putAgain("k", entry("one"), stamp);
        shelf.putAgain("k", entry("other"), stamp);

        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void clear_removesWhatIsHeldHereAndNothingElse() {
        Shelf<String> other = tier.shelf();
        other.put("k", entry("other's"));
        long othersBytes = tier.weightBytes();
        for (int i = 0; i < 100; i++) {
            shelf.put("k" + i, entry("mine"));
        }

        shelf.clear(Runnable::run);

        for (int i = 0; i < 100; i++) {
            assertThat(shelf.get("k" + i)).isNull();
        }
        assertThat(other.get("k")).isNotNull();
        assertThat(tier.weightBytes()).isEqualTo(othersBytes);
    }

    @Test
    void clear_notSweptYet_isEmptyAllTheSame() {
        shelf.put("k", entry("old"));

        shelf.clear(sweep -> {});

        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void clear_thenPutAndFill_holdsTheNewValues() {
        shelf.put("put", entry("old"));
        shelf.clear(sweep -> {});
        LocalEntry<String> put = entry("new");
        LocalEntry<String> filled = entry("filled");

        shelf.put("put", put);
        shelf.fill("filled", filled, shelf.stamp("filled"));

        assertThat(shelf.get("put")).isSameAs(put);
        assertThat(shelf.get("filled")).isSameAs(filled);
    }

    @Test
    void sweep_comingLate_leavesWhatCameSinceTheClearing() {
        List<Runnable> sweeps = new ArrayList<>();
        shelf.put("old", entry("old"));
        shelf.clear(sweeps::add);
        LocalEntry<String> put = entry("new");
        shelf.put("k", put);

        sweeps.forEach(Runnable::run);

        assertThat(shelf.get("k")).isSameAs(put);
    }

    @Test
    void fill_afterAClearing_isRefused() {
        long stamp = shelf.stamp("k");
        shelf.clear(Runnable::run);
        shelf.fill("k", entry("old"), stamp);
        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void putAgain_afterAClearing_holdsNothing() {
        LocalEntry<String> entry = entry("put before the clearing");
        long stamp = shelf.put("k", entry);
        shelf.clear(Runnable::run);

        shelf.putAgain("k", entry, stamp);

        assertThat(shelf.get("k")).isNull();
    }

    @Test
    void shelves_ofTwoCaches_areApart() {
        Shelf<String> other = tier.shelf();
        shelf.put("k", entry("mine"));
        assertThat(other.get("k")).isNull();
        other.remove("k");
        assertThat(shelf.get("k")).isNotNull();
    }

    @Test
    void tier_pastItsBound_letsEntriesGo() {
        for (int i = 0; i < 3_000; i++) {
            shelf.put("k" + i, entry("x".repeat(1_000)));
        }
        assertThat(tier.weightBytes()).isPositive().isLessThanOrEqualTo(1 << 20);
        tier.clear();
        assertThat(tier.weightBytes()).isZero();
    }

    @Test
    void tierOfNoBytes_holdsNothing() {
        Shelf<String> none = new LocalTier(0).shelf();
        none.put("k", entry("v"));
        assertThat(none.get("k")).isNull();
    }

    @Test
    void fill_racingARemoval_neverOutlivesIt() throws Exception {
        fillRacing(() -> shelf.remove("k"));
    }

    @Test
    void fill_racingAClearing_neverOutlivesIt() throws Exception {
        fillRacing(() -> shelf.clear(Runnable::run));
    }

    private void fillRacing(Runnable removal) throws Exception {
        int rounds = 20_000;
        CyclicBarrier step = new CyclicBarrier(2);
        LocalEntry<String> old = entry("old");
        Thread reader = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                // The reader asked before the removal.
                long stamp = shelf.stamp("k");
                await(step);
                shelf.fill("k", old, stamp);
                await(step);
            }
        });
        reader.start();
        int outlived = 0;
        for (int i = 0; i < rounds; i++) {
            await(step);
            removal.run();
            await(step);
            if (shelf.get("k") != null) {
                outlived++;
            }
        }
        reader.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(outlived).isZero();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
