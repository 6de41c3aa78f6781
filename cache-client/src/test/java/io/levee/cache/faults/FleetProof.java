package io.levee.cache.faults;

import io.levee.cache.faults.FleetDatabase.Load;
import io.levee.cache.faults.FleetRounds.Round;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plays the rounds of {@link OneLoadForTheFleetTest} as often as one likes, and prints how many loads the database saw. Ends with 1
 * if a promise was broken.
 */
final class FleetProof {
    private static final String ROW = "%-52s %6s %9s %9s %7s %6s %8s %7s  %s%n";

    private final JvmFleet fleet;
    private boolean kept = true;

    private FleetProof(JvmFleet fleet) {
        this.fleet = fleet;
    }

    /** The number of rounds of each kind; 200 if it is not given. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1 || !String.join("", arguments).matches("|[1-9]\\d{0,3}")) {
            System.err.println("usage: ./fleet-proof [rounds of each kind, 1 to 9999; 200 if not given]");
            System.exit(2);
        }
        int rounds = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        boolean kept;
        try (Cluster cluster = Cluster.of(3);
                JvmFleet fleet = JvmFleet.start(cluster)) {
            kept = new FleetProof(fleet).play(new FleetRounds(fleet), rounds);
        }
        // The clients' threads are in the children; those of the database and of the reception end with this JVM.
        System.exit(kept ? 0 : 1);
    }

    private boolean play(FleetRounds rounds, int count) throws Exception {
        int all = JvmFleet.PROCESSES * JvmFleet.CALLERS;
        System.out.printf(
                "%d JVMs with %d callers each ask for one key at once, %d times, over 3 memcached nodes; a load takes 20 to 50 ms.%n%n",
                JvmFleet.PROCESSES, JvmFleet.CALLERS, count);
        System.out.printf(
                ROW, "", "rounds", "callers", "served", "failed", "loads", "promised", "median", "loads in a round");
        row("cold key", rounds.coldKey(count), all, 1);
        row("cold key, the winner is killed in its load", rounds.winnerKilled(count), all - JvmFleet.CALLERS, 2);
        row("cold key, its node is dead", rounds.nodeDead(count), all, JvmFleet.PROCESSES);
        row("expired, may be served stale (first load and next)", rounds.periodOver(FleetSite.EXPIRING, count), all, 2);
        row("expired, may not be (first load and next)", rounds.periodOver(FleetSite.EXPIRING_FOR_GOOD, count), all, 2);
        row("refreshAfterWrite is over (first load and next)", rounds.periodOver(FleetSite.REFRESHED, count), all, 2);
        System.out.println();
        System.out.println(
                "callers: of all rounds together, without those of killed processes. promised: the most loads in a");
        System.out.println("round. median: of the time from the signal to the last caller's answer.");
        System.out.println(kept ? "Every promise was kept." : "A PROMISE WAS BROKEN.");
        return kept;
    }

    private void row(String name, List<Round> rounds, int callers, int promised) {
        Map<Integer, Integer> spread = new TreeMap<>();
        long served = 0;
        long failed = 0;
        long total = 0;
        for (Round round : rounds) {
            List<Load> loads = fleet.database().loadsOf(round.key());
            spread.merge(loads.size(), 1, Integer::sum);
            total += loads.size();
            served += round.served(loads);
            failed += round.failed();
            if (loads.size() > promised || round.served(loads) != callers) {
                kept = false;
                System.out.println("BROKEN: " + loads + " " + round);
            }
        }
        long median = rounds.stream().mapToLong(Round::tookMillis).sorted().toArray()[rounds.size() / 2];
        String inWords = spread.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue() + " x")
                .collect(Collectors.joining(", "));
        long asked = (long) rounds.size() * callers;
        System.out.printf(ROW, name, rounds.size(), asked, served, failed, total, promised, median + " ms", inWords);
    }
}
