package io.levee.cache.internal.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.HealthReport;
import io.levee.cache.monitor.HealthStatus;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes that are killed, hung, restarted and filled with connections, and what the tier makes of it. */
class NodeOutageTest {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final Duration LONG = Duration.ofHours(1);
    private static final BreakerPolicy BREAKER = BreakerPolicy.defaults();
    private static final int CALLERS = 8;

    private final String client = "outage" + CLIENTS.incrementAndGet();
    private final Events events = new Events();
    private final HealthTracker health = new HealthTracker(TimeSource.SYSTEM, events);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private NodeTier tier;

    @AfterEach
    void closesEverything() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void killed_isDownWithItsReasonAndOutOfUse() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(LONG, memcached);
        Node node = tier.nodeFor("k");
        assertThat(node.set("k", "v".getBytes(US_ASCII), 0, Duration.ofMinutes(1))
                        .join())
                .isInstanceOf(Reply.Stored.class);

        memcached.kill();

        await().until(() -> !events.told("down").isEmpty());
        assertThat(node.isServing()).isFalse();
        assertThat(events.told("up", "down")).hasSize(2).first().isEqualTo("up");
        CompletableFuture<Reply> reply = node.get("k", 0, 0);
        assertThat(reply).isDone();
        assertThat(reply.join()).isInstanceOf(Unavailable.class);
        assertThat(health.report().status()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void restarted_isUpAgainAndAdvisedAsEmpty() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(LONG, memcached);
        memcached.kill();
        await().until(() -> !events.told("down").isEmpty());

        memcached.start();

        await().until(() -> events.told("up").size() == 2);
        assertThat(health.report().advisories()).extracting(Advisory::code).containsExactly(Advisory.Code.RESTARTED);
        assertThat(health.report().nodes().get(0).version()).startsWith("1.");
        assertThat(tier.nodeFor("k").get("k", 0, 0).join()).isInstanceOf(Reply.Miss.class);
    }

    @Test
    void restartedBetweenTwoProbes_isAdvisedToo() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(LONG, memcached);

        memcached.restart();

        await().until(() -> events.told("up").size() == 2);
        assertThat(events.told("raised")).containsExactly("raised RESTARTED");
    }

    @Test
    void hung_costsABoundedNumberOfSlowCalls() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(LONG, memcached);
        Node node = tier.nodeFor("k");
        AtomicInteger timeouts = new AtomicInteger();
        AtomicInteger refusedAtOnce = new AtomicInteger();

        memcached.hang();
        List<Thread> callers = Stream.generate(() -> new Thread(() -> {
                    while (refusedAtOnce.get() < 100_000) {
                        Unavailable no = (Unavailable) node.get("k", 0, 0).join();
                        if (no.reason() == Reason.TIMEOUT) {
                            timeouts.incrementAndGet();
                        } else {
                            refusedAtOnce.incrementAndGet();
                        }
                    }
                }))
                .limit(CALLERS)
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        // A new connection has an empty window: a whole one, and what the other callers had in flight when it was full.
        assertThat(timeouts.get()).isBetween(BREAKER.window(), BREAKER.window() + CALLERS);
        await().until(() -> !events.told("down").isEmpty());
        assertThat(events.told("down").get(0)).startsWith("down: timeout: ");
        assertThat(health.report().nodes().get(0).state()).isNotEqualTo(NodeState.UP);
    }

    @Test
    void hungAndResumed_isUpAgainWithoutBeingTakenForRestarted() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(Duration.ofMillis(50), memcached);
        memcached.hang();
        await().until(() -> !events.told("down").isEmpty());

        memcached.resume();

        await().until(() -> events.told("up").size() == 2);
        assertThat(tier.nodeFor("k").isServing()).isTrue();
        assertThat(events.told("raised")).isEmpty();
    }

    @Test
    void hungWhileIdle_isFoundByTheProbes() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(Duration.ofMillis(50), memcached);

        memcached.hang();

        await().until(() -> !events.told("down").isEmpty());
        assertThat(events.told("down")).containsExactly("down: timeout: 2 probes in a row went unanswered");
    }

    @Test
    void connectionLimitReached_isAdvisedAndTheBackoffGrows() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder().connectionLimit(40));
        List<Socket> crowd = crowd(memcached);

        tier(LONG, memcached);

        await().until(() -> events.attempts().size() >= 5);
        assertThat(events.attempts().subList(0, 5)).containsExactly(2, 3, 4, 5, 6);
        assertThat(events.told("up")).isEmpty();
        assertThat(events.told("down").get(0)).contains("Too many open connections");
        assertThat(health.report().advisories())
                .extracting(Advisory::code)
                .containsExactly(Advisory.Code.CONNECTION_LIMIT);

        for (Socket socket : crowd) {
            socket.close();
        }
        await().until(() -> !events.told("up").isEmpty());
        await().until(() -> health.report().advisories().isEmpty());
    }

    @Test
    void connectionsNearTheLimit_areAdvisedWithLimitAndCount() throws Exception {
        // Memcached keeps some descriptors of its limit for itself: only a high one can be nearly reached by clients.
        MemcachedNode memcached = started(MemcachedNode.builder().connectionLimit(400));
        tier(Duration.ofMillis(50), memcached);
        await().until(() -> health.report().nodes().get(0).connections() > 0);

        List<Socket> crowd = crowd(memcached, 365);

        await().until(() -> !health.report().advisories().isEmpty());
        Advisory advisory = health.report().advisories().get(0);
        assertThat(advisory.code()).isEqualTo(Advisory.Code.CONNECTION_LIMIT);
        assertThat(advisory.detail()).matches("3[67]\\d of 400 connections are open \\(9\\d %\\)");
        assertThat(tier.nodeFor("k").isServing()).isTrue();
        for (Socket socket : crowd) {
            socket.close();
        }
        await().until(() -> health.report().advisories().isEmpty());
    }

    @Test
    void refusedAtStart_startsWithoutTheNodeAndTakesItWhenItIsThere() throws Exception {
        MemcachedNode memcached = MemcachedNode.builder().build();
        opened.add(memcached);

        tier(LONG, memcached);

        assertThat(events.told("down")).containsExactly("down: connection refused");
        assertThat(tier.nodeFor("k").isServing()).isFalse();
        memcached.start();
        await().until(() -> tier.nodeFor("k").isServing());
        // Nothing was known of a server before, so that there is nothing to call a restart.
        assertThat(events.told("raised")).isEmpty();
    }

    @Test
    void oneOfThreeKilled_othersServeAndStandIn() throws Exception {
        MemcachedNode a = started(MemcachedNode.builder());
        MemcachedNode b = started(MemcachedNode.builder());
        MemcachedNode c = started(MemcachedNode.builder());
        tier(LONG, a, b, c);

        b.kill();

        await().until(() -> !events.told("down").isEmpty());
        HealthReport report = health.report();
        assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report.nodes())
                .extracting(node -> node.address().toString())
                .containsExactly(a.address(), b.address(), c.address());
        String key = IntStream.range(0, 1_000)
                .mapToObj(i -> "key" + i)
                .filter(k -> tier.nodeFor(k).address().toString().equals(b.address()))
                .findFirst()
                .orElseThrow();
        assertThat(tier.nodeFor(key).isServing()).isFalse();
        assertThat(tier.standInFor(key).isServing()).isTrue();
    }

    @Test
    void nodesChange_thoseThatStayKeepTheirConnection() throws Exception {
        MemcachedNode stays = started(MemcachedNode.builder());
        MemcachedNode goes = started(MemcachedNode.builder());
        MemcachedNode comes = started(MemcachedNode.builder());
        tier(LONG, stays, goes);
        Node staying = tier.nodes().get(0);

        NodeAddress heavier = new NodeAddress("127.0.0.1", stays.port(), 3);
        assertThat(tier.nodes(List.of(heavier, address(comes)))).isTrue();

        assertThat(tier.nodes().get(0)).isSameAs(staying);
        assertThat(staying.address().weight()).isEqualTo(3);
        assertThat(tier.nodes()).allMatch(Node::isServing);
        assertThat(health.report().nodes())
                .extracting(node -> node.address().toString())
                .containsExactly(stays.address(), comes.address());
        assertThat(health.report().nodes().get(0).ringShare()).isBetween(0.6, 0.9);
        assertThat(events.told()).containsExactly("up", "up", "up");
        await().untilAsserted(() -> assertThat(threads()).noneMatch(name -> name.contains(goes.address())));
    }

    @Test
    void emptyAnswer_changesNothing() throws Exception {
        MemcachedNode memcached = started(MemcachedNode.builder());
        tier(LONG, memcached);

        assertThat(tier.nodes(List.of())).isFalse();
        assertThat(tier.nodes(List.of(address(memcached), address(memcached)))).isFalse();

        assertThat(tier.nodeFor("k").isServing()).isTrue();
    }

    @Test
    void noNodesKnown_answersUnavailable() throws Exception {
        tier(LONG);

        Unavailable reply = (Unavailable) tier.nodeFor("k").get("k", 0, 0).join();

        assertThat(reply.reason()).isEqualTo(Reason.DISCONNECTED);
        assertThat(tier.standInFor("k")).isNull();
        assertThat(tier.nodes()).isEmpty();
        assertThat(health.report().status()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void closed_endsThreadsAndAnswersClosed() throws Exception {
        MemcachedNode alive = started(MemcachedNode.builder());
        MemcachedNode dead = MemcachedNode.builder().build();
        opened.add(dead);
        tier(LONG, alive, dead);
        Node node = tier.nodes().get(0);
        assertThat(threads()).contains("levee-" + client + "-node-" + alive.address());

        tier.close();

        assertThat(threads()).noneMatch(name -> name.contains("-node-"));
        assertThat(((Unavailable) node.get("k", 0, 0).join()).reason()).isEqualTo(Reason.CLOSED);
    }

    private MemcachedNode started(MemcachedNode.Builder builder) {
        MemcachedNode node = builder.start();
        opened.add(node);
        return node;
    }

    private void tier(Duration probeInterval, MemcachedNode... nodes) throws Exception {
        Duration connectTimeout = Duration.ofSeconds(5);
        SpyTransport transport = new SpyTransport(client, connectTimeout, Duration.ofMillis(200));
        opened.add(transport);
        tier = new NodeTier(
                new NodeSettings(
                        client,
                        connectTimeout.toNanos(),
                        TimeUnit.MILLISECONDS.toNanos(5),
                        TimeUnit.MILLISECONDS.toNanos(200),
                        probeInterval.toNanos(),
                        BREAKER),
                transport,
                health,
                Rejoin.NOTHING,
                new Listeners(List.of()));
        opened.add(tier);
        tier.nodes(Arrays.stream(nodes).map(NodeOutageTest::address).toList());
        tier.awaitFirstAttempts();
    }

    private static NodeAddress address(MemcachedNode node) {
        return NodeAddress.parse(node.address());
    }

    /** Connects until the node refuses. */
    private List<Socket> crowd(MemcachedNode node) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        while (crowd.size() < 1_000) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
            opened.add(socket);
            socket.getOutputStream().write("mn\r\n".getBytes(US_ASCII));
            if (socket.getInputStream().read() != 'M') {
                return crowd;
            }
            crowd.add(socket);
        }
        throw new IllegalStateException("the node takes any number of connections");
    }

    private List<Socket> crowd(MemcachedNode node, int size) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
            opened.add(socket);
            crowd.add(socket);
        }
        return crowd;
    }

    private Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("levee-" + client + "-"))
                .collect(Collectors.toSet());
    }
}
