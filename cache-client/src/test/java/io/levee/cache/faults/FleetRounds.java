package io.levee.cache.faults;

import static org.awaitility.Awaitility.await;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.faults.FleetDatabase.Load;
import io.levee.cache.internal.node.Ring;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Rounds in which every thread of every process of a fleet calls for one key at once that no cache has. */
final class FleetRounds {
    /**
     * How a round went.
     *
     * @param answers what the callers of each process got, and how many of them, by the process's number; none from a process
     *     that was killed
     * @param tookMillis from the signal to the last caller's answer
     */
    record Round(int key, Map<Integer, Map<String, Integer>> answers, long tookMillis) {
        /** How many callers got what a load of theirs, or of another process, brought. */
        int served(List<Load> loads) {
            List<String> values = loads.stream()
                    .map(load -> FleetDatabase.value(key, load.ordinal()))
                    .toList();
            return count(entry -> values.contains(entry.getKey()));
        }

        int failed() {
            return count(entry -> entry.getKey().startsWith(FleetProcess.FAILED));
        }

        private int count(Predicate<Map.Entry<String, Integer>> wanted) {
            return answers.values().stream()
                    .flatMap(ofProcess -> ofProcess.entrySet().stream())
                    .filter(wanted)
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }

    private final JvmFleet fleet;
    private int nextKey = 1;

    FleetRounds(JvmFleet fleet) {
        this.fleet = fleet;
    }

    List<Round> coldKey(int rounds) throws IOException {
        List<Round> played = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            played.add(play(FleetSite.NAME, nextKey++));
        }
        return played;
    }

    /** The process that the database sees first is killed in the middle of its load. */
    List<Round> winnerKilled(int rounds) throws IOException, InterruptedException {
        List<Round> played = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            List<FleetProcess> taking = fleet.processes();
            fleet.database().amidst(load -> {
                if (load.ordinal() == 1) {
                    taking.stream()
                            .filter(process -> process.number() == load.process())
                            .forEach(FleetProcess::kill);
                }
            });
            Round round = play(FleetSite.SHORT_LEASE, nextKey++);
            played.add(round);
            fleet.database().amidst(load -> {});
            fleet.replace(
                    fleet.process(fleet.database().loadsOf(round.key()).get(0).process()));
        }
        return played;
    }

    /** All processes have a key's value; all call once more when its period is over. The loads are of both, so that two are right. */
    List<Round> periodOver(String cache, int rounds) throws IOException {
        List<Round> played = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            int key = nextKey++;
            play(cache, key);
            long writtenNanos = System.nanoTime();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> System.nanoTime() - writtenNanos > FleetSite.PERIOD.toNanos());
            played.add(play(cache, key));
        }
        return played;
    }

    /** A node is dead and every process knows it; the keys are its own. It is there again afterwards. */
    List<Round> nodeDead(int rounds) throws IOException {
        fleet.cluster().node(0).kill();
        awaitNodesInUse(fleet.cluster().nodes().size() - 1);
        List<Round> played = new ArrayList<>();
        Ring ring = Ring.of(
                Stream.of(fleet.cluster().addresses()).map(NodeAddress::parse).toList());
        while (played.size() < rounds) {
            int key = nextKey++;
            if (ring.indexOf(FleetSite.NAME + ":" + key) == 0) {
                played.add(play(FleetSite.NAME, key));
            }
        }
        fleet.cluster().node(0).restart();
        awaitNodesInUse(fleet.cluster().nodes().size());
        return played;
    }

    private void awaitNodesInUse(int count) {
        for (FleetProcess process : fleet.processes()) {
            await().atMost(Cluster.IN_THE_END)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> process.nodesInUse() == count);
        }
    }

    private Round play(String cache, int key) throws IOException {
        List<FleetProcess> processes = fleet.processes();
        for (FleetProcess process : processes) {
            process.arm(cache, key);
        }
        for (FleetProcess process : processes) {
            process.awaitArmed();
        }
        long startNanos = System.nanoTime();
        for (FleetProcess process : processes) {
            process.go();
        }
        Map<Integer, Map<String, Integer>> answers = new HashMap<>();
        for (FleetProcess process : processes) {
            answers.put(process.number(), process.answers());
        }
        return new Round(
                key, answers, Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
    }
}
