package io.levee.cache.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The meters of one node. */
final class NodeMeters implements AutoCloseable {
    private final MonitoredClient client;
    private final String name;
    private final MeterSet meters;
    private final Tags node;
    private final Map<OperationOutcome, Timer> operations = new EnumMap<>(OperationOutcome.class);
    private final Counter reconnects;
    private final Counter failedReconnects;
    private final Counter breakerOpenings;

    NodeMeters(MonitoredClient client, String name, MeterSet meters) {
        this.client = client;
        this.name = name;
        this.meters = meters;
        this.node = Tags.of("node", name);
        for (NodeState state : NodeState.values()) {
            is("levee.node.state", "1 for the state that the node is in", state, health -> health.state() == state);
        }
        for (BreakerState state : BreakerState.values()) {
            is(
                    "levee.breaker.state",
                    "1 for the state of the node's breaker",
                    state,
                    health -> health.breaker() == state);
        }
        gauge(
                "levee.node.connections",
                "connections",
                "Open connections on the server, of all clients",
                health -> known(health.connections()));
        gauge(
                "levee.node.connections.limit",
                "connections",
                "The server's limit on connections",
                health -> known(health.maxConnections()));
        gauge("levee.node.ring.share", null, "The node's share of the keys, 0 to 1", NodeHealth::ringShare);
        for (OperationOutcome outcome : OperationOutcome.values()) {
            operations.put(
                    outcome,
                    meters.timer(
                            "levee.node.operations", "Operations on the node", node.and("outcome", word(outcome))));
        }
        reconnects = reconnects("success");
        failedReconnects = reconnects("failure");
        breakerOpenings =
                meters.counter("levee.breaker.openings", "openings", "How often the node's breaker opened", node);
    }

    private Counter reconnects(String result) {
        return meters.counter(
                "levee.node.reconnects", "attempts", "Attempts to bring the node back", node.and("result", result));
    }

    private void is(String meter, String description, Enum<?> state, Predicate<NodeHealth> test) {
        meters.gauge(
                meter,
                null,
                description,
                node.and("state", word(state)),
                () -> value(health -> test.test(health) ? 1 : 0));
    }

    private void gauge(String meter, String unit, String description, ToDoubleFunction<NodeHealth> value) {
        meters.gauge(meter, unit, description, node, () -> value(value));
    }

    /** No number for a node that has just left. */
    private double value(ToDoubleFunction<NodeHealth> value) {
        for (NodeHealth health : client.health().nodes()) {
            if (health.address().toString().equals(name)) {
                return value.applyAsDouble(health);
            }
        }
        return Double.NaN;
    }

    private static double known(int number) {
        return number < 0 ? Double.NaN : number;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void operationEnded(OperationOutcome outcome, Duration took) {
        operations.get(outcome).record(took);
    }

    void reconnected() {
        reconnects.increment();
    }

    void reconnectFailed() {
        failedReconnects.increment();
    }

    void breakerOpened() {
        breakerOpenings.increment();
    }

    @Override
    public void close() {
        meters.close();
    }
}
