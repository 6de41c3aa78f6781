package io.levee.cache.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeProbeTest {
    private static final Reply NO_ANSWER = new Unavailable(Reason.TIMEOUT, "no answer");

    @Test
    void everythingAnswered_isRead() {
        Vitals vitals = vitals(
                new Reply.Text("1.6.18"),
                statistics(Map.of(
                        "pid",
                        "42",
                        "uptime",
                        "7",
                        "time",
                        "1000",
                        "curr_connections",
                        "3",
                        "max_connections",
                        "1024")),
                statistics(Map.of("maxconns", "99", "item_size_max", "1048576")));

        assertThat(vitals).isEqualTo(new Vitals("1.6.18", 7, 993, 42, 3, 1024, 1_048_576));
    }

    @Test
    void limitOnlyAmongTheSettings_isTakenFromThere() {
        Vitals vitals =
                vitals(NO_ANSWER, statistics(Map.of("version", "1.6.10")), statistics(Map.of("maxconns", "99")));

        assertThat(vitals).isEqualTo(new Vitals("1.6.10", -1, -1, -1, -1, 99, -1));
    }

    @Test
    void nothingAnswered_isUnknown() {
        assertThat(vitals(NO_ANSWER, NO_ANSWER, NO_ANSWER)).isEqualTo(Vitals.UNKNOWN);
    }

    @Test
    void nonsenseAnswered_isUnknown() {
        Vitals vitals = vitals(
                NO_ANSWER,
                statistics(Map.of("uptime", "soon", "pid", "", "curr_connections", "99999999999")),
                statistics(Map.of("item_size_max", "1m")));

        assertThat(vitals).isEqualTo(new Vitals(null, -1, -1, -1, Integer.MAX_VALUE, -1, -1));
    }

    private static Reply statistics(Map<String, String> values) {
        return new Reply.Statistics(values);
    }

    private static Vitals vitals(Reply version, Reply stats, Reply settings) {
        NodeConnection connection = (NodeConnection) Proxy.newProxyInstance(
                NodeConnection.class.getClassLoader(),
                new Class<?>[] {NodeConnection.class},
                (proxy, method, arguments) -> {
                    Reply reply = method.getName().equals("version")
                            ? version
                            : arguments[0].equals("settings") ? settings : stats;
                    return CompletableFuture.completedFuture(reply);
                });
        return NodeProbe.vitals(connection).join();
    }
}
