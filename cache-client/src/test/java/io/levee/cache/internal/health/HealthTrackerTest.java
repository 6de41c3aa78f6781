package io.levee.cache.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.HeldTime;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.BreakerState;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTrackerTest {
    private static final NodeAddress A = new NodeAddress("10.0.0.1", 11211, 1);
    private static final NodeAddress B = new NodeAddress("10.0.0.2", 11211, 1);
    private static final Duration SOON = Duration.ofMillis(150);

    private final HeldTime time = new HeldTime();
    private final List<String> events = new ArrayList<>();
    private final HealthTracker tracker = new HealthTracker(time, new CacheListener() {
        @Override
        public void nodeUp(NodeAddress node, Duration downFor) {
            events.add("up " + node + " after " + downFor.toMillis() + " ms");
        }

        @Override
        public void nodeDown(NodeAddress node, String reason) {
            events.add("down " + node + ": " + reason);
        }

        @Override
        public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
            events.add("failed " + node + ": " + reason + ", attempt " + attempt + " in " + nextAttemptIn.toMillis()
                    + " ms");
        }

        @Override
        public void advisoryRaised(Advisory advisory) {
            events.add("raised " + advisory);
        }

        @Override
        public void advisoryCleared(Advisory advisory) {
            events.add("cleared " + advisory);
        }
    });

    @BeforeEach
    void twoNodes() {
        Map<NodeAddress, Double> shares = new LinkedHashMap<>();
        shares.put(A, 0.6);
        shares.put(B, 0.4);
        tracker.members(shares);
    }

    @Test
    void newMember_isProbingAndTheWholeIsDown() {
        assertThat(tracker.report().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(tracker.report().nodes()).extracting(NodeHealth::address).containsExactly(A, B);
        assertThat(node(A))
                .isEqualTo(new NodeHealth(
                        A,
                        NodeState.PROBING,
                        BreakerState.CLOSED,
                        Instant.ofEpochMilli(time.millis()),
                        null,
                        null,
                        null,
                        -1,
                        -1,
                        0.6,
                        null));
        assertThat(tracker.share(B)).isEqualTo(0.4);
    }

    @Test
    void upAndDown_alternateWhateverIsToldBetween() {
        tracker.up(A);
        time.advance(Duration.ofSeconds(9));
        tracker.down(A, "connection reset", 1, SOON);
        time.advance(SOON);
        tracker.probing(A);
        tracker.down(A, "connection refused", 2, SOON);
        time.advance(SOON);
        tracker.probing(A);
        tracker.up(A);

        assertThat(events)
                .containsExactly(
                        "up 10.0.0.1:11211 after 0 ms",
                        "down 10.0.0.1:11211: connection reset",
                        "failed 10.0.0.1:11211: connection refused, attempt 2 in 150 ms",
                        "up 10.0.0.1:11211 after 300 ms");
    }

    @Test
    void unreachableAtStart_isToldDownOnceAndHowLongWhenItComesUp() {
        tracker.probing(A);
        time.advance(Duration.ofSeconds(1));
        tracker.down(A, "connection refused", 1, SOON);
        time.advance(Duration.ofSeconds(30));
        tracker.probing(A);
        tracker.up(A);

        assertThat(events)
                .containsExactly("down 10.0.0.1:11211: connection refused", "up 10.0.0.1:11211 after 30000 ms");
    }

    @Test
    void attemptsOnADeadNode_doNotBeginItsOutageAnew() {
        tracker.up(A);
        time.advance(Duration.ofMinutes(1));
        Instant lost = Instant.ofEpochMilli(time.millis());
        tracker.down(A, "connection reset", 1, SOON);
        assertThat(node(A).nextAttempt()).isEqualTo(lost.plus(SOON));

        time.advance(Duration.ofMinutes(5));
        tracker.probing(A);

        assertThat(node(A).state()).isEqualTo(NodeState.PROBING);
        assertThat(node(A).since()).isEqualTo(lost);
        assertThat(node(A).nextAttempt()).isNull();
        assertThat(node(A).lastError()).isEqualTo("connection reset");
        tracker.down(A, "no connection within 1000 ms", 2, SOON);
        assertThat(node(A).since()).isEqualTo(lost);
    }

    @Test
    void status_followsTheNodes() {
        tracker.up(A);
        assertThat(tracker.report().status()).isEqualTo(HealthStatus.DEGRADED);
        tracker.up(B);
        assertThat(tracker.report().status()).isEqualTo(HealthStatus.UP);
        tracker.down(A, "x", 1, SOON);
        tracker.down(B, "x", 1, SOON);
        assertThat(tracker.report().status()).isEqualTo(HealthStatus.DOWN);
    }

    @ParameterizedTest
    @CsvSource({"899, false", "900, true", "1000, true", "0, false"})
    void connections_areAdvisedFromNinetyPercent(int connections, boolean advised) {
        tracker.observed(A, vitals(connections, 1000));

        assertThat(raised()).isEqualTo(advised ? 1 : 0);
    }

    @Test
    void connectionsAtTheEdge_areOneAdvisoryUntilWellBelow() {
        tracker.observed(A, vitals(931, 1024));
        Instant first = tracker.report().advisories().get(0).since();
        time.advance(Duration.ofSeconds(5));
        tracker.observed(A, vitals(880, 1024));
        tracker.observed(A, vitals(1000, 1024));
        assertThat(events)
                .containsExactly("raised CONNECTION_LIMIT 10.0.0.1:11211: 931 of 1024 connections are open (90 %)");
        assertThat(tracker.report().advisories())
                .singleElement()
                .isEqualTo(new Advisory(
                        Advisory.Code.CONNECTION_LIMIT, A, "1000 of 1024 connections are open (97 %)", first));

        tracker.observed(A, vitals(860, 1024));

        assertThat(events).hasSize(2).last().asString().startsWith("cleared CONNECTION_LIMIT 10.0.0.1:11211");
        assertThat(tracker.report().advisories()).isEmpty();
    }

    @Test
    void connectionRefusedForTheLimit_isAdvisedWithWhatIsKnown() {
        tracker.down(A, "closed by the node, which said \"ERROR Too many open connections\"", 1, SOON);
        tracker.observed(B, vitals(700, 1024));
        tracker.down(B, "closed by the node, which said \"ERROR Too many open connections\"", 1, SOON);

        assertThat(tracker.report().advisories())
                .extracting(Advisory::detail)
                .containsExactly(
                        "the server refused a connection: too many open connections",
                        "the server refused a connection: too many open connections (limit 1024, 700 when it was last asked)");
    }

    @ParameterizedTest
    @CsvSource({
        "120, 1000, 7, false, the same process later",
        "100, 1000, 7, false, the same process whose clock stood still",
        "3, 1200, 7, true, another start time",
        "99, -1, -1, true, less uptime and nothing else told",
        "120, -1, -1, false, more uptime and nothing else told",
        "0, 1000, 8, true, another process started within the second",
        "-1, -1, -1, false, nothing told"
    })
    void anotherProcess_isARestart(long uptime, long startedAt, long process, boolean restarted, String why) {
        tracker.observed(A, new Vitals("1.6.18", 100, 1000, 7, -1, -1, -1));

        tracker.observed(A, new Vitals("1.6.18", uptime, startedAt, process, -1, -1, -1));

        assertThat(raised()).as(why).isEqualTo(restarted ? 1 : 0);
    }

    @Test
    void restart_isRememberedThroughAnUnansweredQuestion() {
        tracker.observed(A, new Vitals("1.6.18", 100, 1000, 7, 5, 1024, -1));
        tracker.observed(A, Vitals.UNKNOWN);
        assertThat(node(A).version()).isEqualTo("1.6.18");
        assertThat(node(A).maxConnections()).isEqualTo(1024);

        tracker.observed(A, new Vitals("1.6.18", 3, 1200, 9, -1, -1, -1));

        assertThat(raised()).isEqualTo(1);
        assertThat(tracker.report().advisories().get(0).toString())
                .isEqualTo(
                        "RESTARTED 10.0.0.1:11211: another server process answers, running for 3 s: its memory began empty");
    }

    @Test
    void restarted_isKeptForTenMinutes() {
        tracker.observed(A, new Vitals("1.6.18", 100, 1000, 7, -1, -1, -1));
        tracker.observed(A, new Vitals("1.6.18", 1, 1200, 8, -1, -1, -1));
        time.advance(Duration.ofMinutes(10).minusMillis(1));
        tracker.observed(A, new Vitals("1.6.18", 600, 1200, 8, -1, -1, -1));
        assertThat(tracker.report().advisories()).hasSize(1);

        time.advance(Duration.ofMillis(1));

        assertThat(tracker.report().advisories())
                .as("the report, before anyone has cleared it")
                .isEmpty();
        assertThat(events).hasSize(1);
        tracker.observed(A, new Vitals("1.6.18", 601, 1200, 8, -1, -1, -1));
        assertThat(events).hasSize(2).last().asString().startsWith("cleared RESTARTED");
    }

    @Test
    void restartedTwice_isTwoEventsAndTheLaterOneCounts() {
        tracker.observed(A, new Vitals("1.6.18", 100, 1000, 7, -1, -1, -1));
        tracker.observed(A, new Vitals("1.6.18", 1, 1200, 8, -1, -1, -1));
        time.advance(Duration.ofMinutes(9));
        tracker.observed(A, new Vitals("1.6.18", 1, 1740, 9, -1, -1, -1));

        assertThat(raised()).isEqualTo(2);
        time.advance(Duration.ofMinutes(9));
        assertThat(tracker.report().advisories()).hasSize(1);
    }

    @Test
    void knownBadVersion_isAdvisedUntilAnotherAnswers() {
        tracker.observed(A, new Vitals("1.6.2", 1, -1, -1, -1, -1, -1));
        tracker.observed(A, new Vitals("1.6.2", 2, -1, -1, -1, -1, -1));
        assertThat(raised()).isEqualTo(1);
        assertThat(tracker.report().advisories().get(0).code()).isEqualTo(Advisory.Code.KNOWN_BAD_VERSION);

        tracker.observed(A, new Vitals("1.6.18", 3, -1, -1, -1, -1, -1));

        assertThat(tracker.report().advisories()).isEmpty();
    }

    @Test
    void unsupportedVersion_isAdvisedUntilTheNodeIsUp() {
        tracker.unsupported(A, "memcached 1.2.8 is too old");
        tracker.unsupported(A, "memcached 1.2.8 is too old");
        assertThat(raised()).isEqualTo(1);

        tracker.up(A);

        assertThat(tracker.report().advisories()).isEmpty();
    }

    @Test
    void memberRemoved_isForgottenWithItsAdvisories() {
        tracker.observed(A, vitals(1000, 1000));

        tracker.members(Map.of(B, 1.0));

        assertThat(tracker.report().nodes()).extracting(NodeHealth::address).containsExactly(B);
        assertThat(tracker.report().advisories()).isEmpty();
        assertThat(events).last().asString().startsWith("cleared CONNECTION_LIMIT");
        events.clear();
        tracker.down(A, "its supervisor was slow to hear of it", 1, SOON);
        tracker.observed(A, vitals(1000, 1000));
        tracker.up(A);
        tracker.unsupported(A, "too old");
        assertThat(events).isEmpty();
        assertThat(tracker.report().advisories()).isEmpty();
    }

    @Test
    void memberStaysWithAnotherWeight_keepsItsHistory() {
        tracker.up(A);
        Instant since = node(A).since();
        time.advance(Duration.ofMinutes(1));
        NodeAddress heavier = new NodeAddress(A.host(), A.port(), 5);

        tracker.members(Map.of(heavier, 1.0));

        assertThat(node(heavier).state()).isEqualTo(NodeState.UP);
        assertThat(node(heavier).since()).isEqualTo(since);
        assertThat(node(heavier).address().weight()).isEqualTo(5);
        assertThat(node(heavier).ringShare()).isEqualTo(1.0);
    }

    private static Vitals vitals(int connections, int maxConnections) {
        return new Vitals("1.6.18", 100, 1000, 7, connections, maxConnections, -1);
    }

    private long raised() {
        return events.stream().filter(event -> event.startsWith("raised")).count();
    }

    private NodeHealth node(NodeAddress address) {
        return tracker.report().nodes().stream()
                .filter(node -> node.address().toString().equals(address.toString()))
                .findFirst()
                .orElseThrow();
    }
}
