package io.levee.examples.incident.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.examples.incident.script.Step.Action;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioTest {
    @Test
    void crash_ofThreeNodes_killsOneAPhaseAndStartsThemAllAgain() {
        Scenario crash = Scenario.named("crash", 3, 10, 12);

        assertThat(crash.phases())
                .containsExactly(
                        new Phase("warm-up", 10, false, List.of()),
                        new Phase("healthy", 12, true, List.of()),
                        new Phase("1 dead", 12, true, List.of(new Step(0, Action.KILL, 0))),
                        new Phase("2 dead", 12, true, List.of(new Step(0, Action.KILL, 1))),
                        new Phase("3 dead", 12, true, List.of(new Step(0, Action.KILL, 2))),
                        new Phase(
                                "restarted",
                                12,
                                true,
                                List.of(
                                        new Step(0, Action.START, 0),
                                        new Step(0, Action.START, 1),
                                        new Step(0, Action.START, 2))),
                        new Phase("recovered", 12, true, List.of()));
        assertThat(crash.seconds()).isEqualTo(82);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hang|warm-up,healthy,1 hung,2 hung,resumed,recovered",
                "restart|warm-up,healthy,node 1 restarted,node 2 restarted,recovered",
                "connection-limit|warm-up,healthy,at the limit,1 locked out,2 locked out,crowd gone,recovered",
                "flap|warm-up,healthy,node 1 flapping,calm,flapping again,recovered",
            })
    void everyOtherScenario_ofTwoNodes_hasItsPhases(String name, String phases) {
        assertThat(Scenario.named(name, 2, 1, 4).phases())
                .extracting(Phase::name)
                .containsExactly(phases.split(","));
    }

    @Test
    void connectionLimit_alone_hasALowLimit() {
        assertThat(Scenario.named("connection-limit", 3, 1, 4).connectionLimit())
                .isLessThan(100);
        assertThat(Scenario.named("crash", 3, 1, 4).connectionLimit()).isEqualTo(1024);
    }

    @Test
    void noWarmUp_asked_beginsWithTheHealthyPhase() {
        assertThat(Scenario.named("crash", 1, 0, 4).phases().get(0).name()).isEqualTo("healthy");
    }

    @ParameterizedTest
    @CsvSource({
        "crash,5",
        "hang,5",
        "restart,5",
        "connection-limit,5",
        "flap,1",
        "flap,2",
        "flap,4",
        "flap,5",
        "crash,1"
    })
    void everyScenario_playedToTheEnd_leavesAllNodesRunningAndNoCrowd(String name, int phaseSeconds) {
        TreeMap<Integer, Action> last = new TreeMap<>();
        for (Phase phase : Scenario.named(name, 3, 1, phaseSeconds).phases()) {
            double before = 0;
            for (Step step : phase.steps()) {
                assertThat(step.atSeconds()).as("%s in %s", step, phase.name()).isBetween(before, (double)
                        phaseSeconds);
                before = step.atSeconds();
                last.put(step.node(), step.action());
            }
        }
        assertThat(last).isNotEmpty().doesNotContainValue(Action.KILL).doesNotContainValue(Action.HANG);
        assertThat(last.getOrDefault(Step.NO_NODE, Action.CROWD_GOES)).isEqualTo(Action.CROWD_GOES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Crash", "flood"})
    void unknownName_asked_isRefusedWithTheKnownOnes(String name) {
        assertThatThrownBy(() -> Scenario.named(name, 3, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("crash, hang, restart, connection-limit, flap");
    }
}
