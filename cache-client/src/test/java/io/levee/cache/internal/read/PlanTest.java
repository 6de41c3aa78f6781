package io.levee.cache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.Lookup.Source;
import io.levee.cache.internal.local.LocalEntry;
import io.levee.cache.internal.read.Answer.Found;
import io.levee.cache.internal.read.Answer.Later;
import io.levee.cache.internal.read.Answer.NotFound;
import io.levee.cache.internal.read.Answer.Unreachable;
import io.levee.cache.internal.read.Plan.Load;
import io.levee.cache.internal.read.Plan.Serve;
import io.levee.cache.internal.read.Plan.ServeAndRefresh;
import io.levee.cache.internal.read.Plan.Turn;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.write.WriteBack.Hold;
import org.junit.jupiter.api.Test;

/** The table of decisions: what the node said, what this process holds, and what is done. Times are seconds; now is 0. */
class PlanTest {
    private static final long SECOND = 1_000_000_000;
    private static final int FRESH_FOR = 100;
    private static final int STALE_FOR = 50;
    private static final long TOKEN = 7;
    private static final long ASKED = -SECOND;
    private static final Plan.Rules NO_REFRESH = new Plan.Rules(Long.MAX_VALUE, Long.MAX_VALUE, true, null);
    private static final Plan.Rules NO_LEASES = new Plan.Rules(Long.MAX_VALUE, Long.MAX_VALUE, false, null);
    private static final Plan.Rules REFRESH_AFTER_60 = new Plan.Rules(60 * SECOND, 60 * SECOND, true, null);

    private final LocalEntry<String> fresh = aged("v", 10);
    private final LocalEntry<String> due = aged("v", 60);
    private final LocalEntry<String> stale = aged("v", FRESH_FOR + 5);
    private final LocalEntry<String> dead = aged("v", FRESH_FOR + STALE_FOR);
    private final LocalEntry<String> absent = aged(null, 10);
    private final LocalEntry<String> pastAbsent = aged(null, FRESH_FOR + 5);

    private static LocalEntry<String> aged(String value, int age) {
        return entry(value, age, 0);
    }

    private static LocalEntry<String> loadedIn(int loadMillis, int age) {
        return entry("v", age, loadMillis);
    }

    private static LocalEntry<String> entry(String value, int age, int loadMillis) {
        long written = -age * SECOND;
        long freshUntil = written + FRESH_FOR * SECOND;
        return new LocalEntry<>(
                value,
                TOKEN,
                -age * 1000L,
                written,
                freshUntil,
                freshUntil + STALE_FOR * SECOND,
                2 * ASKED,
                1,
                loadMillis);
    }

    private static Plan<String> found(LocalEntry<String> entry, Lease lease, Plan.Rules rules) {
        return found(entry, lease, null, rules);
    }

    private static Plan<String> found(
            LocalEntry<String> entry, Lease lease, LocalEntry<String> held, Plan.Rules rules) {
        return Plan.of(new Found<>(entry, TOKEN, lease, false), held, ASKED, 0, rules, token -> false);
    }

    private static Plan<String> notFound(Lease lease, long token, LocalEntry<String> held) {
        return Plan.of(new NotFound<>(token, lease, true), held, ASKED, 0, NO_REFRESH, never -> false);
    }

    private static Plan<String> unreachable(LocalEntry<String> held, Plan.Rules rules) {
        return Plan.of(new Unreachable<>(), held, ASKED, 0, rules, never -> false);
    }

    private static Load<String> load(LocalEntry<String> stale, LocalEntry<String> lastResort, Hold hold, Turn turn) {
        return new Load<>(stale, lastResort, hold, turn);
    }

    @Test
    void found_fresh_isServed() {
        assertThat(found(fresh, Lease.NONE, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
        assertThat(found(fresh, Lease.LOST, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
        assertThat(found(due, Lease.NONE, NO_REFRESH)).isEqualTo(new Serve<>(due, Source.MEMCACHED));
        assertThat(found(absent, Lease.NONE, NO_REFRESH)).isEqualTo(new Serve<>(absent, Source.MEMCACHED));
    }

    @Test
    void found_freshAndDue_isServedAndRefreshedByOneProcess() {
        assertThat(found(due, Lease.NONE, REFRESH_AFTER_60))
                .isEqualTo(new ServeAndRefresh<>(due, Source.MEMCACHED, Hold.item(TOKEN), Turn.UNCLAIMED));
        assertThat(found(due, Lease.WON, REFRESH_AFTER_60))
                .isEqualTo(new ServeAndRefresh<>(due, Source.MEMCACHED, Hold.item(TOKEN), Turn.OURS));
        assertThat(found(due, Lease.LOST, REFRESH_AFTER_60)).isEqualTo(new Serve<>(due, Source.MEMCACHED));
        assertThat(found(fresh, Lease.NONE, REFRESH_AFTER_60)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
    }

    @Test
    void found_freshAndDueWhoseLeaseHolderIsOverdue_isServed() {
        // To open the lease again would mark the item stale, and a reader would have to wait for what is fresh.
        assertThat(Plan.of(
                        new Found<>(due, TOKEN, Lease.LOST, false),
                        null,
                        ASKED,
                        0,
                        REFRESH_AFTER_60,
                        token -> token == TOKEN))
                .isEqualTo(new Serve<>(due, Source.MEMCACHED));
    }

    @Test
    void found_freshWithTheLease_isRefreshedForNobodyElseWill() {
        assertThat(found(fresh, Lease.WON, NO_REFRESH))
                .isEqualTo(new ServeAndRefresh<>(fresh, Source.MEMCACHED, Hold.item(TOKEN), Turn.OURS));
    }

    @Test
    void found_freshAbsenceWithTheLease_isServed() {
        assertThat(found(absent, Lease.WON, NO_REFRESH)).isEqualTo(new Serve<>(absent, Source.MEMCACHED));
    }

    @Test
    void found_stale_isLoadedByWhoHasTheLease() {
        assertThat(found(stale, Lease.WON, NO_REFRESH)).isEqualTo(load(stale, null, Hold.item(TOKEN), Turn.OURS));
        assertThat(found(stale, Lease.LOST, NO_REFRESH)).isEqualTo(new Serve<>(stale, Source.STALE));
    }

    @Test
    void found_staleWithoutALease_asksForItFirst() {
        assertThat(found(stale, Lease.NONE, NO_REFRESH)).isEqualTo(load(stale, null, Hold.item(TOKEN), Turn.UNCLAIMED));
        assertThat(found(stale, Lease.NONE, NO_LEASES)).isEqualTo(load(stale, null, Hold.item(TOKEN), Turn.OURS));
    }

    @Test
    void found_staleWhoseHolderIsOverdue_isLoadedInItsPlace() {
        Plan<String> plan = Plan.of(
                new Found<>(stale, TOKEN, Lease.LOST, false), null, ASKED, 0, NO_REFRESH, token -> token == TOKEN);

        assertThat(plan).isEqualTo(load(stale, null, Hold.item(TOKEN), Turn.OVERDUE));
    }

    @Test
    void found_markedStale_isLoadedThoughFresh() {
        Plan<String> plan =
                Plan.of(new Found<>(fresh, TOKEN, Lease.WON, true), null, ASKED, 0, NO_REFRESH, never -> false);

        assertThat(plan).isEqualTo(load(fresh, null, Hold.item(TOKEN), Turn.OURS));
    }

    @Test
    void found_pastStaleForOrAPastAbsence_isLoadedWithNothingToServe() {
        Hold hold = Hold.item(TOKEN);
        assertThat(found(dead, Lease.NONE, NO_REFRESH)).isEqualTo(load(null, null, hold, Turn.UNCLAIMED));
        assertThat(found(dead, Lease.LOST, NO_REFRESH)).isEqualTo(load(null, null, hold, Turn.ANOTHERS));
        assertThat(found(pastAbsent, Lease.NONE, NO_REFRESH)).isEqualTo(load(null, null, hold, Turn.UNCLAIMED));
    }

    @Test
    void found_olderThanWhatIsHeldHere_isReplacedByOneProcess() {
        LocalEntry<String> newer = aged("newer", 7);
        Found<String> anothers = new Found<>(fresh, TOKEN, Lease.LOST, false);

        assertThat(Plan.of(anothers, newer, ASKED, 0, NO_REFRESH, token -> false))
                .isEqualTo(new Serve<>(newer, Source.FALLBACK));
        assertThat(Plan.of(anothers, newer, ASKED, 0, NO_REFRESH, token -> token == TOKEN))
                .isEqualTo(new ServeAndRefresh<>(newer, Source.FALLBACK, Hold.item(TOKEN), Turn.OVERDUE));
    }

    @Test
    void found_olderThanWhatIsHeldHere_doesNotTurnTimeBack() {
        LocalEntry<String> newer = aged("newer", 7);
        LocalEntry<String> newerByLessThanClocksDiffer = aged("newer", 8);

        assertThat(found(fresh, Lease.NONE, newer, NO_REFRESH))
                .isEqualTo(new ServeAndRefresh<>(newer, Source.FALLBACK, Hold.item(TOKEN), Turn.UNCLAIMED));
        assertThat(found(fresh, Lease.NONE, newerByLessThanClocksDiffer, NO_REFRESH))
                .isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
        assertThat(found(dead, Lease.NONE, stale, NO_REFRESH))
                .isEqualTo(load(stale, null, Hold.item(TOKEN), Turn.UNCLAIMED));
    }

    @Test
    void found_nearItsEnd_isRefreshedByChanceThatGrowsWithTheLoadsTime() {
        LocalEntry<String> slow = loadedIn(2_000, FRESH_FOR - 4);
        LocalEntry<String> quick = loadedIn(1_000, FRESH_FOR - 4);
        LocalEntry<String> slowAndYoung = loadedIn(2_000, FRESH_FOR - 11);
        LocalEntry<String> put = loadedIn(0, FRESH_FOR - 1);
        // -ln(u) is 2 and a little: enough for 4 s to the end if the load takes 2 s.
        Plan.Rules early = new Plan.Rules(Long.MAX_VALUE, Long.MAX_VALUE, true, () -> Math.exp(-2.01));

        assertThat(found(slow, Lease.NONE, early))
                .isEqualTo(new ServeAndRefresh<>(slow, Source.MEMCACHED, Hold.item(TOKEN), Turn.UNCLAIMED));
        assertThat(found(slow, Lease.LOST, early)).isEqualTo(new Serve<>(slow, Source.MEMCACHED));
        assertThat(found(slow, Lease.NONE, NO_REFRESH)).isEqualTo(new Serve<>(slow, Source.MEMCACHED));
        assertThat(found(quick, Lease.NONE, early)).isEqualTo(new Serve<>(quick, Source.MEMCACHED));
        assertThat(found(slowAndYoung, Lease.NONE, early)).isEqualTo(new Serve<>(slowAndYoung, Source.MEMCACHED));
        assertThat(found(put, Lease.NONE, early)).isEqualTo(new Serve<>(put, Source.MEMCACHED));
    }

    @Test
    void found_overtakenByALoadHere_isAnsweredWithThat() {
        LocalEntry<String> newer = aged("newer", 9);
        newer.heldFrom(ASKED, TOKEN, LocalEntry.NOT_BESIDE);

        assertThat(found(fresh, Lease.WON, newer, NO_REFRESH)).isEqualTo(new Serve<>(newer, Source.MEMCACHED));
        assertThat(found(stale, Lease.NONE, newer, NO_REFRESH)).isEqualTo(new Serve<>(newer, Source.MEMCACHED));
    }

    @Test
    void found_thatAValueOnItsWayIsToReplace_isAnsweredWithThatHoweverLongAgoItWasLoaded() {
        LocalEntry<String> newer = aged("newer", 9);
        newer.heldFrom(ASKED - 1, TOKEN, LocalEntry.NOT_BESIDE);
        newer.onItsWay();

        assertThat(found(fresh, Lease.LOST, newer, NO_REFRESH)).isEqualTo(new Serve<>(newer, Source.MEMCACHED));
        assertThat(Plan.of(
                        new Found<>(fresh, TOKEN + 1, Lease.LOST, false), newer, ASKED, 0, NO_REFRESH, never -> false))
                .isEqualTo(new Serve<>(fresh, Source.MEMCACHED));

        newer.arrived(ASKED - 1);
        assertThat(found(fresh, Lease.LOST, newer, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
        newer.onItsWay();
        newer.arrived(ASKED);
        assertThat(found(fresh, Lease.LOST, newer, NO_REFRESH)).isEqualTo(new Serve<>(newer, Source.MEMCACHED));
    }

    @Test
    void notFound_underTheTokenOfAValueOnItsWay_isAnsweredWithThat() {
        fresh.heldFrom(ASKED - 1, TOKEN, LocalEntry.NOT_BESIDE);
        fresh.onItsWay();

        assertThat(notFound(TOKEN, Lease.LOST, fresh)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
        assertThat(notFound(TOKEN + 1, Lease.LOST, fresh))
                .isEqualTo(load(null, fresh, Hold.item(TOKEN + 1), Turn.ANOTHERS));
        assertThat(notFound(TOKEN, Lease.WON, fresh)).isEqualTo(load(null, fresh, Hold.lease(TOKEN), Turn.OURS));
        fresh.arrived(ASKED);
        assertThat(notFound(TOKEN, Lease.LOST, fresh)).isEqualTo(load(null, fresh, Hold.item(TOKEN), Turn.ANOTHERS));
    }

    private static Plan<String> notFound(long token, Lease lease, LocalEntry<String> held) {
        return Plan.of(new NotFound<>(token, lease, true), held, ASKED, 0, NO_REFRESH, never -> false);
    }

    @Test
    void notFound_itemThatIsNoGoodWithALeaseLongTaken_isTakenOver() {
        NotFound<String> refused = new NotFound<>(TOKEN, Lease.LOST, false);
        NotFound<String> placeholder = new NotFound<>(TOKEN, Lease.LOST, true);
        Hold hold = Hold.item(TOKEN);

        assertThat(Plan.of(refused, null, ASKED, 0, NO_REFRESH, token -> token == TOKEN))
                .isEqualTo(load(null, null, hold, Turn.OVERDUE));
        assertThat(Plan.of(refused, null, ASKED, 0, NO_REFRESH, token -> false))
                .isEqualTo(load(null, null, hold, Turn.ANOTHERS));
        assertThat(Plan.of(placeholder, null, ASKED, 0, NO_REFRESH, token -> true))
                .isEqualTo(load(null, null, hold, Turn.ANOTHERS));
        assertThat(Plan.of(refused, null, ASKED, 0, NO_LEASES, token -> true))
                .isEqualTo(load(null, null, hold, Turn.OURS));
    }

    private static Plan<String> later(LocalEntry<String> held, Plan.Rules rules) {
        return Plan.of(new Later<>(TOKEN, 1_000), held, ASKED, 0, rules, never -> false);
    }

    private static LocalEntry<String> beside(LocalEntry<String> entry, long token, long laterMillis) {
        entry.heldFrom(ASKED, token, laterMillis);
        return entry;
    }

    @Test
    void later_heldValueOfTheSameItem_standsIn() {
        Hold hold = Hold.later(TOKEN, 1_000);
        beside(fresh, TOKEN, 1_000);
        beside(due, TOKEN, 1_000);
        beside(stale, TOKEN, 1_000);
        beside(absent, TOKEN, 1_000);

        assertThat(later(fresh, REFRESH_AFTER_60)).isEqualTo(new Serve<>(fresh, Source.FALLBACK));
        assertThat(later(absent, NO_REFRESH)).isEqualTo(new Serve<>(absent, Source.FALLBACK));
        assertThat(later(due, REFRESH_AFTER_60))
                .isEqualTo(new ServeAndRefresh<>(due, Source.FALLBACK, hold, Turn.OURS));
        assertThat(later(stale, NO_REFRESH)).isEqualTo(new ServeAndRefresh<>(stale, Source.STALE, hold, Turn.OURS));
    }

    @Test
    void later_heldValueOfAnythingElse_isOnlyTheLastResort() {
        Hold hold = Hold.later(TOKEN, 1_000);

        assertThat(later(null, NO_REFRESH)).isEqualTo(load(null, null, hold, Turn.OURS));
        assertThat(later(dead, NO_REFRESH)).isEqualTo(load(null, null, hold, Turn.OURS));
        // Loaded under no item of a later release, or read from the node.
        assertThat(later(fresh, NO_REFRESH)).isEqualTo(load(null, fresh, hold, Turn.OURS));
        // Rewritten since.
        assertThat(later(beside(fresh, TOKEN - 1, 1_000), NO_REFRESH)).isEqualTo(load(null, fresh, hold, Turn.OURS));
        // A restarted server counts its tokens anew.
        assertThat(later(beside(fresh, TOKEN, 999), NO_REFRESH)).isEqualTo(load(null, fresh, hold, Turn.OURS));
        assertThat(later(beside(fresh, TOKEN + 1, 1_000), NO_REFRESH)).isEqualTo(load(null, fresh, hold, Turn.OURS));
        assertThat(later(beside(stale, TOKEN - 1, 1_000), NO_REFRESH)).isEqualTo(load(null, stale, hold, Turn.OURS));
    }

    @Test
    void found_itemThatWasMadeSinceTheLoadHereBegan_isAnsweredAsFound() {
        LocalEntry<String> landed = aged("landed", 9);
        landed.heldFrom(ASKED, TOKEN - 1, LocalEntry.NOT_BESIDE);

        assertThat(found(fresh, Lease.NONE, landed, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
    }

    @Test
    void found_overtakenByASlowLoadHereThatBeganBefore_isAnsweredAsFound() {
        LocalEntry<String> slow = loadedIn(60_000, 5);
        slow.heldFrom(ASKED, TOKEN, LocalEntry.NOT_BESIDE);

        assertThat(found(fresh, Lease.NONE, slow, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.MEMCACHED));
    }

    @Test
    void notFound_isLoadedUnderWhatIsHeld() {
        assertThat(notFound(Lease.WON, TOKEN, null)).isEqualTo(load(null, null, Hold.lease(TOKEN), Turn.OURS));
        assertThat(notFound(Lease.LOST, TOKEN, null)).isEqualTo(load(null, null, Hold.item(TOKEN), Turn.ANOTHERS));
        assertThat(notFound(Lease.NONE, 0, null)).isEqualTo(load(null, null, Hold.NONE, Turn.UNCLAIMED));
    }

    @Test
    void notFound_withAnItemThatIsNoGood_isReplacedByWhoClaimsIt() {
        Plan<String> lost =
                Plan.of(new NotFound<>(TOKEN, Lease.LOST, false), null, ASKED, 0, NO_REFRESH, never -> false);
        Plan<String> won = Plan.of(new NotFound<>(TOKEN, Lease.WON, false), null, ASKED, 0, NO_REFRESH, never -> false);

        assertThat(lost).isEqualTo(load(null, null, Hold.item(TOKEN), Turn.ANOTHERS));
        assertThat(won).isEqualTo(load(null, null, Hold.claim(TOKEN), Turn.OURS));
    }

    @Test
    void notFound_withLeasesOff_isLoadedAtOnceAndStillUnderItsToken() {
        Plan<String> plan = Plan.of(new NotFound<>(TOKEN, Lease.LOST, true), null, ASKED, 0, NO_LEASES, never -> false);

        assertThat(plan).isEqualTo(load(null, null, Hold.item(TOKEN), Turn.OURS));
    }

    @Test
    void notFound_withAValueHeldHere_keepsItAsTheLastResortOnly() {
        Hold lease = Hold.lease(TOKEN);
        assertThat(notFound(Lease.WON, TOKEN, fresh)).isEqualTo(load(null, fresh, lease, Turn.OURS));
        assertThat(notFound(Lease.WON, TOKEN, stale)).isEqualTo(load(null, stale, lease, Turn.OURS));
        assertThat(notFound(Lease.WON, TOKEN, dead)).isEqualTo(load(null, null, lease, Turn.OURS));
        assertThat(((Load<String>) notFound(Lease.WON, TOKEN, fresh)).spare()).isSameAs(fresh);
    }

    @Test
    void notFound_withAValueTooLargeForTheNode_servesItWhileFresh() {
        fresh.onlyHere();
        stale.onlyHere();
        assertThat(notFound(Lease.WON, TOKEN, fresh)).isEqualTo(new Serve<>(fresh, Source.FALLBACK));
        assertThat(notFound(Lease.WON, TOKEN, stale)).isEqualTo(load(null, stale, Hold.lease(TOKEN), Turn.OURS));
    }

    @Test
    void notFound_withAValueTooLargeForTheNodeThatIsDue_servesAndRefreshesIt() {
        due.onlyHere();

        assertThat(Plan.of(new NotFound<>(TOKEN, Lease.WON, true), due, ASKED, 0, REFRESH_AFTER_60, never -> false))
                .isEqualTo(new ServeAndRefresh<>(due, Source.FALLBACK, Hold.lease(TOKEN), Turn.OURS));
    }

    @Test
    void unreachable_isAnsweredByWhatIsHeldHere() {
        assertThat(unreachable(fresh, NO_REFRESH)).isEqualTo(new Serve<>(fresh, Source.FALLBACK));
        assertThat(unreachable(absent, NO_REFRESH)).isEqualTo(new Serve<>(absent, Source.FALLBACK));
        assertThat(unreachable(due, REFRESH_AFTER_60))
                .isEqualTo(new ServeAndRefresh<>(due, Source.FALLBACK, Hold.NONE, Turn.OURS));
        Plan.Rules calmer = new Plan.Rules(60 * SECOND, 61 * SECOND, true, null);
        assertThat(unreachable(due, calmer)).isEqualTo(new Serve<>(due, Source.FALLBACK));
        assertThat(unreachable(stale, NO_REFRESH))
                .isEqualTo(new ServeAndRefresh<>(stale, Source.STALE, Hold.NONE, Turn.OURS));
    }

    @Test
    void unreachable_withNothingUsable_isLoadedWithoutALease() {
        Load<String> load = load(null, null, Hold.NONE, Turn.OURS);
        assertThat(unreachable(null, NO_REFRESH)).isEqualTo(load);
        assertThat(unreachable(dead, NO_REFRESH)).isEqualTo(load);
        assertThat(unreachable(pastAbsent, NO_REFRESH)).isEqualTo(load);
    }
}
