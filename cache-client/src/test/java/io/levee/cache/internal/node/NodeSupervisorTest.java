package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of a node's states, with a transport that keeps to a script. */
class NodeSupervisorTest {
    private static final NodeAddress ADDRESS = new NodeAddress("10.0.0.1", 11211, 1);
    private static final Duration LONG = Duration.ofHours(1);

    private final Events events = new Events();
    private final HealthTracker health = new HealthTracker(TimeSource.SYSTEM, events);
    private final ScriptedTransport transport = new ScriptedTransport();
    private final Node node = new Node(ADDRESS, OperationClock.STOPPED);
    private NodeSupervisor supervisor;

    @AfterEach
    void closes() throws InterruptedException {
        if (supervisor != null) {
            supervisor.close();
            supervisor.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
            assertThat(supervisor.isRunning()).isFalse();
            assertThat(transport.opened()).allMatch(connection -> connection.closed);
        }
    }

    @Test
    void answeredProbe_publishesTheConnection() {
        supervise(LONG, Rejoin.NOTHING);

        awaitServing();
        assertThat(events.told()).containsExactly("up");
        assertThat(transport.last().itemLimitBytes).isEqualTo(2 * 1024 * 1024);
        assertThat(node.get("k", 0, 0).join()).isInstanceOf(Reply.Miss.class);
        assertThat(now().state()).isEqualTo(NodeState.UP);
        assertThat(now().version()).isEqualTo("1.6.18");
    }

    @ParameterizedTest
    @CsvSource({"7, 115", "121, 1", "122, 0", "1000000, 0", ", 120"})
    void serversUptime_saysForHowLongItIsYoung(String uptime, long seconds) {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.stats = uptime == null ? Map.of() : Map.of("uptime", uptime, "time", "2000000");
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        awaitServing();
        assertThat(transport.last().youngFor).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void probeUnanswered_isNeverPublished() {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.probe = null;
            return connection;
        });

        supervise(LONG, Duration.ofMillis(50), Rejoin.NOTHING);

        await().until(() -> transport.attempts() >= 3);
        assertThat(node.isServing()).isFalse();
        assertThat(events.told("up", "down")).containsExactly("down: connected, but no answer in time");
        assertThat(transport.opened().get(0).closed).isTrue();
    }

    @Test
    void firstAttemptRefused_isDownOnceAndThenFailedAttempts() {
        transport.opening(onLost -> {
            throw new IOException("connection refused");
        });

        supervise(LONG, Rejoin.NOTHING);

        await().until(() -> events.attempts().size() >= 3);
        assertThat(events.told().subList(0, 3))
                .containsExactly(
                        "down: connection refused", "failed: connection refused", "failed: connection refused");
        assertThat(events.attempts().subList(0, 3)).containsExactly(2, 3, 4);
        Unavailable reply = (Unavailable) node.get("k", 0, 0).join();
        assertThat(reply.reason()).isEqualTo(Reason.DISCONNECTED);
        assertThat(reply.detail()).contains("connection refused").contains("10.0.0.1:11211");
    }

    @Test
    void notServing_isAnsweredByOneSharedFuture() {
        assertThat(node.get("a", 0, 0)).isSameAs(node.delete("b")).isDone();
    }

    @Test
    void connectionLost_isOutOfUseAtOnceAndTellsItsReasonOnce() {
        supervise(LONG, Rejoin.NOTHING);
        awaitServing();
        transport.opening(onLost -> {
            throw new IOException("connection refused");
        });

        transport.last().lose("connection reset");

        assertThat(node.isServing()).isFalse();
        await().until(() -> !events.told("down").isEmpty());
        assertThat(events.told("down")).containsExactly("down: connection reset");
        assertThat(transport.last().closed).isTrue();
    }

    @Test
    void connectionLost_comesBackOnANewConnection() {
        supervise(LONG, Rejoin.NOTHING);
        awaitServing();

        transport.last().lose("connection reset");

        await().until(() -> events.told("up").size() == 2);
        assertThat(events.told()).containsExactly("up", "down: connection reset", "up");
        assertThat(transport.opened()).hasSize(2);
        assertThat(node.isServing()).isTrue();
    }

    @Test
    void lateOutcomesOfAnOldConnection_doNotCountAgainstTheNewOne() {
        supervise(LONG, Rejoin.NOTHING);
        awaitServing();
        CompletableFuture<Reply> late = new CompletableFuture<>();
        transport.last().nextGet = late;
        List<CompletableFuture<Reply>> calls =
                IntStream.range(0, 100).mapToObj(i -> node.get("k", 0, 0)).toList();
        transport.last().lose("connection reset");
        await().until(() -> events.told("up").size() == 2);

        late.complete(new Unavailable(Reason.TIMEOUT, "no answer"));

        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(node.isServing()).isTrue();
        assertThat(events.told()).containsExactly("up", "down: connection reset", "up");
    }

    @Test
    void breakerOpens_dropsTheConnectionAndTellsOnce() {
        supervise(LONG, Rejoin.NOTHING);
        awaitServing();
        ScriptedTransport.Connection first = transport.last();
        CompletableFuture<Reply> hung = new CompletableFuture<>();
        first.nextGet = hung;
        List<CompletableFuture<Reply>> calls =
                IntStream.range(0, 20).mapToObj(i -> node.get("k", 0, 0)).toList();

        hung.complete(new Unavailable(Reason.TIMEOUT, "no answer"));

        assertThat(calls).allMatch(CompletableFuture::isDone);
        await().until(() -> events.told("up").size() == 2);
        assertThat(events.told())
                .containsExactly("up", "down: timeout: 4 or more of the last 8 operations failed", "up");
        assertThat(first.closed).isTrue();
    }

    @Test
    void ioThreadDeadWithoutNotice_isFoundByTheNextLook() {
        supervise(Duration.ofMillis(20), Rejoin.NOTHING);
        awaitServing();

        transport.opened().get(0).alive = false;

        await().until(() -> events.told("down").size() == 1);
        assertThat(events.told("down")).containsExactly("down: connection lost");
    }

    @Test
    void oneProbeUnanswered_isForgiven() {
        supervise(Duration.ofMillis(5), Rejoin.NOTHING);
        awaitServing();
        ScriptedTransport.Connection connection = transport.last();
        Reply noAnswer = new Unavailable(Reason.TIMEOUT, "no answer");

        connection.nextProbes.addAll(
                List.of(noAnswer, new Reply.Alive(), noAnswer, new Reply.Alive(), noAnswer, new Reply.Alive()));

        await().until(connection.nextProbes::isEmpty);
        int before = connection.probes.get();
        await().until(() -> connection.probes.get() > before + 1);
        assertThat(events.told()).containsExactly("up");
    }

    @Test
    void probesShed_areNoFailures() {
        supervise(Duration.ofMillis(5), Rejoin.NOTHING);
        awaitServing();
        ScriptedTransport.Connection connection = transport.last();
        int before = connection.probes.get();

        connection.probe = new Unavailable(Reason.SHED, "too many in flight");

        await().until(() -> connection.probes.get() > before + 12);
        assertThat(events.told()).containsExactly("up");
    }

    @Test
    void twoProbesUnanswered_dropTheNode() {
        supervise(Duration.ofMillis(20), Rejoin.NOTHING);
        awaitServing();

        transport.opened().get(0).probe = new Unavailable(Reason.TIMEOUT, "no answer");

        await().until(() -> events.told("down").size() == 1);
        assertThat(events.told("down")).containsExactly("down: timeout: 2 probes in a row went unanswered");
    }

    @Test
    void connectsButNeverServes_backoffGrows() {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            // As a server at its connection limit: it accepts, says so and closes.
            connection.probe = new Unavailable(Reason.REFUSED, "ERROR Too many open connections");
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        await().until(() -> events.attempts().size() >= 5);
        assertThat(events.attempts().subList(0, 5)).containsExactly(2, 3, 4, 5, 6);
        assertThat(events.told("raised")).containsExactly("raised CONNECTION_LIMIT");
        assertThat(events.told("up")).isEmpty();
    }

    @Test
    void answeredProbeWithoutServedOperations_doesNotResetTheBackoff() {
        supervise(LONG, Rejoin.NOTHING);

        loseFourTimes(() -> {});

        await().until(() -> !events.attempts().isEmpty());
        // The fourth loss was followed by the fourth attempt, which failed.
        assertThat(events.attempts().get(0)).isEqualTo(5);
    }

    @Test
    void servedOperations_resetTheBackoff() {
        supervise(LONG, Rejoin.NOTHING);
        loseFourTimes(() -> assertThat(IntStream.range(0, 8).mapToObj(i -> node.get("k", 0, 0)))
                .allMatch(CompletableFuture::isDone));

        await().until(() -> !events.attempts().isEmpty());
        assertThat(events.attempts().get(0)).isEqualTo(2);
    }

    @Test
    void unknownMetaCommand_isServedInClassic() {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.nextProbes.add(new Unavailable(Reason.REFUSED, "ERROR"));
            connection.version = new Reply.Text("1.4.15");
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        awaitServing();
        assertThat(transport.last().classic).isTrue();
        assertThat(events.told("raised")).isEmpty();
    }

    @Test
    void unknownCommandsOfBothKinds_isDown() {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.probe = new Unavailable(Reason.REFUSED, "ERROR");
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        await().untilAsserted(() -> assertThat(now().lastError()).isEqualTo("ERROR"));
        assertThat(node.isServing()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1.6.9, true", "1.6.12, true", "1.6.13, false", "some proxy, false"})
    void versionWithOtherMetaCommands_isServedInClassic(String version, boolean classic) {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.version = new Reply.Text(version);
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        awaitServing();
        assertThat(transport.last().classic).isEqualTo(classic);
    }

    @Test
    void versionBefore140_isUnsupportedAndStaysDown() {
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.nextProbes.add(new Unavailable(Reason.REFUSED, "ERROR"));
            connection.version = new Reply.Text("1.2.8");
            return connection;
        });

        supervise(LONG, Rejoin.NOTHING);

        await().until(() -> events.told().contains("raised UNSUPPORTED_VERSION"));
        await().untilAsserted(() -> assertThat(now().lastError())
                .isEqualTo("memcached 1.2.8 is too old for Levee, which needs 1.4.0 or newer"));
        assertThat(node.isServing()).isFalse();
        assertThat(events.told("up")).isEmpty();
    }

    @Test
    void rejoin_comesBetweenTheProbeAndServing() {
        List<String> order = new CopyOnWriteArrayList<>();

        supervise(
                LONG,
                (address, connection) -> order.add(address + " serving=" + node.isServing() + " probes="
                        + transport.last().probes.get()));

        awaitServing();
        assertThat(order).containsExactly("10.0.0.1:11211 serving=false probes=1");
    }

    @Test
    void rejoinFails_staysOutOfUseAndTriesAgain() {
        supervise(LONG, (address, connection) -> {
            if (transport.attempts() < 3) {
                throw new IOException("invalidations could not be replayed");
            }
        });

        awaitServing();
        assertThat(events.told())
                .containsExactly(
                        "down: invalidations could not be replayed",
                        "failed: invalidations could not be replayed",
                        "up");
    }

    @Test
    void transportThrowsAnError_isOneFailedAttempt() {
        transport.opening(onLost -> {
            if (transport.attempts() < 2) {
                throw new NoClassDefFoundError("missing");
            }
            return transport.new Connection(onLost);
        });

        supervise(LONG, Rejoin.NOTHING);

        awaitServing();
        assertThat(events.told()).hasSize(2).first().asString().contains("missing");
    }

    @Test
    void foreignInterrupt_doesNotEndTheSupervision() {
        supervise(Duration.ofMillis(10), (address, connection) -> {
            if (transport.attempts() == 1) {
                throw new InterruptedException("not from close");
            }
            Thread.currentThread().interrupt();
        });

        awaitServing();
        int before = transport.last().probes.get();
        await().until(() -> transport.last().probes.get() > before + 3);
        assertThat(events.told()).containsExactly("down: interrupted", "up");
    }

    @Test
    void closeDuringABlockingOpen_leavesNothingBehind() throws InterruptedException {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        transport.opening(onLost -> {
            opening.countDown();
            awaitDeafToInterrupts(release);
            return transport.new Connection(onLost);
        });
        supervise(LONG, Rejoin.NOTHING);
        opening.await();

        supervisor.close();
        assertThat(supervisor.isRunning()).isTrue();
        release.countDown();

        supervisor.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
        assertThat(supervisor.isRunning()).isFalse();
        assertThat(transport.last().closed).isTrue();
        assertThat(events.told()).isEmpty();
        assertThat(((Unavailable) node.get("k", 0, 0).join()).reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void restartedServer_isAdvisedBeforeItIsUp() {
        supervise(LONG, Rejoin.NOTHING);
        awaitServing();
        transport.opening(onLost -> {
            ScriptedTransport.Connection connection = transport.new Connection(onLost);
            connection.stats = Map.of("uptime", "2", "time", "2000", "pid", "2");
            return connection;
        });

        transport.last().lose("connection reset");

        await().until(() -> events.told("up").size() == 2);
        assertThat(events.told()).containsExactly("up", "down: connection reset", "raised RESTARTED", "up");
    }

    private void supervise(Duration probeInterval, Rejoin rejoin) {
        supervise(probeInterval, Duration.ofSeconds(20), rejoin);
    }

    private void supervise(Duration probeInterval, Duration connectTimeout, Rejoin rejoin) {
        NodeSettings settings = new NodeSettings(
                "test",
                connectTimeout.toNanos(),
                TimeUnit.MICROSECONDS.toNanos(100),
                TimeUnit.MILLISECONDS.toNanos(2),
                probeInterval.toNanos(),
                BreakerPolicy.defaults());
        health.members(Map.of(ADDRESS, 1.0));
        supervisor = new NodeSupervisor(node, settings, transport, health, rejoin, new SplittableRandom(7));
        supervisor.start();
    }

    private void loseFourTimes(Runnable whileServing) {
        for (int times = 1; times <= 4; times++) {
            int ups = times;
            await().until(() -> events.told("up").size() == ups);
            whileServing.run();
            if (times == 4) {
                transport.opening(onLost -> {
                    throw new IOException("connection refused");
                });
            }
            transport.last().lose("connection reset");
        }
    }

    private void awaitServing() {
        await().until(() -> !events.told("up").isEmpty());
    }

    private NodeHealth now() {
        return health.report().nodes().get(0);
    }

    private static void awaitDeafToInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
