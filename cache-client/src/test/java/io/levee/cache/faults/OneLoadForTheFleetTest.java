package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.faults.FleetDatabase.Load;
import io.levee.cache.faults.FleetRounds.Round;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four JVMs with 250 threads each, and a thousand callers that ask for one key at the same moment. {@link FleetProof} plays more
 * rounds and prints what came of them.
 */
class OneLoadForTheFleetTest {
    private static final int ALL = JvmFleet.PROCESSES * JvmFleet.CALLERS;

    private static Cluster cluster;
    private static JvmFleet fleet;
    private static FleetRounds rounds;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.of(3);
        fleet = JvmFleet.start(cluster);
        rounds = new FleetRounds(fleet);
    }

    @AfterAll
    static void stop() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
        cluster.close();
    }

    @Test
    void coldKey_thousandCallersInFourProcesses_isLoadedOnceAndAllGetIt() throws Exception {
        for (Round round : rounds.coldKey(20)) {
            List<Load> loads = fleet.database().loadsOf(round.key());
            assertThat(loads).as(round.toString()).hasSize(1);
            assertThat(round.served(loads)).as(round.toString()).isEqualTo(ALL);
        }
    }

    @Test
    void winnerKilledInItsLoad_keyIsLoadedOnceMoreAndAllSurvivorsGetIt() throws Exception {
        for (Round round : rounds.winnerKilled(3)) {
            List<Load> loads = fleet.database().loadsOf(round.key());
            assertThat(loads).as(round.toString()).hasSizeLessThanOrEqualTo(2);
            assertThat(round.answers().get(loads.get(0).process()))
                    .as(round.toString())
                    .isEmpty();
            assertThat(round.served(loads)).as(round.toString()).isEqualTo(ALL - JvmFleet.CALLERS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FleetSite.EXPIRING, FleetSite.EXPIRING_FOR_GOOD, FleetSite.REFRESHED})
    void periodOver_thousandCallersInFourProcesses_isLoadedOnceMore(String cache) throws Exception {
        for (Round round : rounds.periodOver(cache, 2)) {
            List<Load> loads = fleet.database().loadsOf(round.key());
            assertThat(loads).as(round.toString()).hasSizeLessThanOrEqualTo(2);
            assertThat(round.served(loads)).as(round.toString()).isEqualTo(ALL);
        }
    }

    @Test
    void nodeDead_thousandCallersInFourProcesses_isLoadedOnceInEachProcess() throws Exception {
        for (Round round : rounds.nodeDead(20)) {
            List<Load> loads = fleet.database().loadsOf(round.key());
            // Not fewer either: then the node would not have been dead.
            assertThat(loads)
                    .as(round.toString())
                    .extracting(Load::process)
                    .containsExactlyInAnyOrderElementsOf(round.answers().keySet());
            assertThat(round.served(loads)).as(round.toString()).isEqualTo(ALL);
        }
    }
}
