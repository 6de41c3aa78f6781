package io.levee.examples.incident.script;

import io.levee.examples.incident.script.Step.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What happens to the nodes, as data.
 *
 * @param connectionLimit how many connections a node accepts ({@code -c})
 */
public record Scenario(String name, int nodes, int connectionLimit, List<Phase> phases) {
    /** The names, the default first. */
    public static final List<String> NAMES = List.of("crash", "hang", "restart", "connection-limit", "flap");

    private static final int MEMCACHED_DEFAULT_LIMIT = 1024;
    private static final int LOW_LIMIT = 48;

    public Scenario {
        phases = List.copyOf(phases);
    }

    /**
     * The scenario of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario named(String name, int nodes, int warmUpSeconds, int phaseSeconds) {
        Script script = new Script(nodes, warmUpSeconds, phaseSeconds);
        return switch (name) {
            case "crash" -> script.crash();
            case "hang" -> script.hang();
            case "restart" -> script.restart();
            case "connection-limit" -> script.connectionLimit();
            case "flap" -> script.flap();
            default ->
                throw new IllegalArgumentException(
                        "there is no scenario " + name + "; there are " + String.join(", ", NAMES));
        };
    }

    public int seconds() {
        return phases.stream().mapToInt(Phase::seconds).sum();
    }

    /** Writes the phases down one after another. */
    private static final class Script {
        private final int nodes;
        private final int phaseSeconds;
        private final List<Phase> phases = new ArrayList<>();

        Script(int nodes, int warmUpSeconds, int phaseSeconds) {
            this.nodes = nodes;
            this.phaseSeconds = phaseSeconds;
            if (warmUpSeconds > 0) {
                phases.add(new Phase("warm-up", warmUpSeconds, false, List.of()));
            }
            phase("healthy");
        }

        Scenario crash() {
            forEachNode(node -> (node + 1) + " dead", Action.KILL);
            phase("restarted", all(Action.START));
            phase("recovered");
            return scenario("crash", MEMCACHED_DEFAULT_LIMIT);
        }

        Scenario hang() {
            forEachNode(node -> (node + 1) + " hung", Action.HANG);
            phase("resumed", all(Action.RESUME));
            phase("recovered");
            return scenario("hang", MEMCACHED_DEFAULT_LIMIT);
        }

        Scenario restart() {
            forEachNode(node -> "node " + (node + 1) + " restarted", Action.RESTART);
            phase("recovered");
            return scenario("restart", MEMCACHED_DEFAULT_LIMIT);
        }

        /** A client that is connected keeps its connection; it is whoever must reconnect at the limit that is locked out. */
        Scenario connectionLimit() {
            phase("at the limit", Step.of(Action.CROWD_COMES));
            forEachNode(node -> (node + 1) + " locked out", Action.RESTART);
            phase("crowd gone", Step.of(Action.CROWD_GOES));
            phase("recovered");
            return scenario("connection-limit", LOW_LIMIT);
        }

        Scenario flap() {
            List<Step> ups = new ArrayList<>();
            for (int second = 0; second < phaseSeconds; second++) {
                ups.add(Step.of(second % 2 == 0 ? Action.KILL : Action.START, 0).at(second));
            }
            if (phaseSeconds % 2 == 1) {
                ups.add(Step.of(Action.START, 0).at(phaseSeconds - 0.5));
            }
            phase("node 1 flapping", ups.toArray(Step[]::new));
            phase("calm");
            phase("flapping again", ups.toArray(Step[]::new));
            phase("recovered");
            return scenario("flap", MEMCACHED_DEFAULT_LIMIT);
        }

        private void forEachNode(Function<Integer, String> phaseName, Action action) {
            for (int node = 0; node < nodes; node++) {
                phase(phaseName.apply(node), Step.of(action, node));
            }
        }

        private Step[] all(Action action) {
            return IntStream.range(0, nodes)
                    .mapToObj(node -> Step.of(action, node))
                    .toArray(Step[]::new);
        }

        private void phase(String name, Step... steps) {
            phases.add(new Phase(name, phaseSeconds, true, List.of(steps)));
        }

        private Scenario scenario(String name, int connectionLimit) {
            return new Scenario(name, nodes, connectionLimit, phases);
        }
    }
}
