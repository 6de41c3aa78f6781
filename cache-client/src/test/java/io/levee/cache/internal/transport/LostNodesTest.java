package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static io.levee.cache.internal.transport.Replies.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes that are killed, stopped, full or not there. */
class LostNodesTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final Reply MISS = new Reply.Miss(Lease.NONE, 0);

    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private SpyTransport transport(Duration operationTimeout) {
        return opened(new SpyTransport("test", LONG, operationTimeout));
    }

    private NodeConnection connect(MemcachedNode node, Duration operationTimeout) throws IOException {
        return opened(transport(operationTimeout).open(NodeAddress.parse(node.address()), losses::add));
    }

    @Test
    void nodeKilledWhileIdle_connection_isLostWithoutBeingAsked() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, LONG);
        assertThat(await(connection.probe())).isEqualTo(new Reply.Alive());

        node.kill();

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly("closed by the node");
        assertThat(connection.isAlive()).isFalse();
    }

    @Test
    void nodeKilledWithGetsInFlight_gets_areDisconnectedAndTheLossIsToldOnce() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, LONG);
        node.hang();
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            futures.add(connection.get("key-" + i, 30, 0));
        }

        node.kill();

        futures.forEach(future -> unavailable(future, Reason.DISCONNECTED));
        unavailable(connection.get("key", 0, 0), Reason.DISCONNECTED);
        assertThat(losses).hasSize(1);
    }

    @Test
    void nodeKilledAndStartedAgain_newConnection_isServed() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        SpyTransport transport = transport(LONG);
        NodeConnection before = opened(transport.open(NodeAddress.parse(node.address()), losses::add));
        await(before.set("key", new byte[1], 0, TTL), Reply.Stored.class);
        node.kill();
        node.start();

        NodeConnection after = opened(transport.open(NodeAddress.parse(node.address()), why -> {}));

        assertThat(await(after.get("key", 0, 0))).isEqualTo(MISS);
        await().until(() -> losses.size() == 1);
        unavailable(before.get("key", 0, 0), Reason.DISCONNECTED);
    }

    @Test
    void nodeStopped_gets_timeOutAndAreServedAgainWhenItGoesOn() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, SHORT);
        for (int i = 0; i < 200; i++) {
            await(connection.set("key-" + i, new byte[] {(byte) i}, 0, TTL), Reply.Stored.class);
        }
        node.hang();
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            futures.add(connection.get("key-" + i, 0, 0));
        }
        futures.forEach(future -> unavailable(future, Reason.TIMEOUT));

        node.resume();

        await().until(() -> connection.inFlight() == 0 || !connection.isAlive());
        for (int i = 0; i < 200; i++) {
            assertThat(await(connection.get("key-" + i, 0, 0), Reply.Hit.class).data())
                    .isEqualTo(new byte[] {(byte) i});
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void nodeStopped_400000UnawaitedGets_areShedPastTheBound() throws Exception {
        int bound = 4096;
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, Duration.ofSeconds(1));
        node.hang();
        Map<Reason, Integer> reasons = new HashMap<>();
        List<CompletableFuture<Reply>> waiting = new ArrayList<>();

        for (int i = 0; i < 400_000; i++) {
            CompletableFuture<Reply> future = connection.get("key-" + i, 0, 0);
            if (future.isDone()) {
                reasons.merge(((Reply.Unavailable) await(future)).reason(), 1, Integer::sum);
            } else {
                waiting.add(future);
            }
            assertThat(connection.inFlight()).isLessThanOrEqualTo(bound);
        }

        assertThat(reasons).containsEntry(Reason.SHED, 400_000 - bound).hasSize(1);
        assertThat(waiting).hasSize(bound);
        waiting.forEach(future -> unavailable(future, Reason.TIMEOUT));
        // Those that timed out are in the queues still, and still count.
        unavailable(connection.get("key", 0, 0), Reason.SHED);
        node.resume();
        await().until(() -> connection.inFlight() == 0);
        assertThat(await(connection.get("key", 0, 0))).isEqualTo(MISS);
    }

    @Test
    void nodeStoppedUntilItsSocketIsFull_setsAndGets_noneHangsAndTheUnsentAreDropped() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, SHORT);
        node.hang();
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            futures.add(connection.set("key-" + i, new byte[100_000], 0, TTL));
            futures.add(connection.get("key-" + i, 0, 0));
        }

        futures.forEach(future -> unavailable(future, Reason.TIMEOUT));
        node.resume();

        await().until(() -> connection.inFlight() == 0);
        assertThat(await(connection.get("other", 0, 0))).isEqualTo(MISS);
        assertThat(await(connection.get("key-199", 0, 0)))
                .as("set long after its caller gave up")
                .isEqualTo(MISS);
        assertThat(losses).isEmpty();
    }

    @Test
    void operationsInFlight_close_completesThemAndTellsNoLoss() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        NodeConnection connection = connect(node, LONG);
        node.hang();
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(connection.get("key-" + i, 0, 0));
        }

        connection.close();
        connection.close();

        futures.forEach(future -> assertThat(future).isDone());
        futures.forEach(future -> unavailable(future, Reason.DISCONNECTED));
        unavailable(connection.probe(), Reason.DISCONNECTED);
        assertThat(losses).isEmpty();
    }

    @Test
    void nodeThatReadsNothing_close_takesBackWhatIsOnItsWay() throws Exception {
        try (ServerSocket listener = new ServerSocket()) {
            // Room for less than the first value, so that all behind it waits in this side's kernel.
            listener.setReceiveBufferSize(1);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            NodeAddress address = new NodeAddress("127.0.0.1", listener.getLocalPort(), 1);
            NodeConnection connection = transport(SHORT).open(address, losses::add);
            CompletableFuture<Reply> first = connection.set("first", new byte[8_000], 0, TTL);
            CompletableFuture<Reply> second = connection.set("second", new byte[10], 0, TTL);
            unavailable(first, Reason.TIMEOUT);
            unavailable(second, Reason.TIMEOUT);
            assertThat(connection.inFlight()).as("sent and not answered").isEqualTo(2);

            connection.close();

            try (Socket node = listener.accept()) {
                assertThat(allThatComes(node)).contains("ms first").doesNotContain("ms second");
            }
        }
    }

    /** Up to the connection's end or reset. */
    private static String allThatComes(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                all.append((char) b);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return all.toString();
    }

    @Test
    void callersAtWork_close_leavesNoneHanging() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        SpyTransport transport = transport(LONG);
        for (int round = 0; round < 20; round++) {
            NodeConnection connection = opened(transport.open(NodeAddress.parse(node.address()), losses::add));
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(CompletableFuture.runAsync(() -> {
                    while (!(await(connection.get("key", 0, 0)) instanceof Reply.Unavailable)) {}
                }));
            }
            await(connection.probe());

            connection.close();

            for (CompletableFuture<Void> caller : callers) {
                await().until(caller::isDone);
                caller.join();
            }
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void transportClosed_openConnection_isClosedAndNoneIsOpened() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        SpyTransport transport = transport(LONG);
        NodeConnection connection = opened(transport.open(NodeAddress.parse(node.address()), losses::add));
        node.hang();
        CompletableFuture<Reply> waiting = connection.get("key", 0, 0);

        transport.close();

        unavailable(waiting, Reason.CLOSED);
        unavailable(connection.get("key", 0, 0), Reason.CLOSED);
        assertThatThrownBy(() -> transport.open(NodeAddress.parse(node.address()), losses::add))
                .isInstanceOf(IOException.class);
        assertThat(losses).isEmpty();
    }

    @Test
    void nobodyListens_open_saysSo() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SpyTransport transport = transport(LONG);

        assertThatThrownBy(() -> transport.open(new NodeAddress("127.0.0.1", port, 1), losses::add))
                .isInstanceOf(IOException.class)
                .hasMessage("connection refused");
        assertThat(losses).isEmpty();
    }

    @Test
    void backlogFull_open_givesUpAfterTheConnectTimeout() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeAddress address = new NodeAddress("127.0.0.1", full.getLocalPort(), 1);
            boolean hangs = false;
            while (!hangs) {
                Socket socket = opened(new Socket());
                try {
                    socket.connect(full.getLocalSocketAddress(), 300);
                } catch (SocketTimeoutException e) {
                    hangs = true;
                }
            }
            SpyTransport transport = opened(new SpyTransport("test", Duration.ofMillis(300), LONG));

            assertThatThrownBy(() -> transport.open(address, losses::add))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no connection within 300 ms");
        }
    }

    @Test
    void connectionLimitReached_open_isLostWithTheNodesWords() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().connectionLimit(40).start());
        // Each waits for its answer: memcached counts a connection only when one of its threads has taken it over.
        while (isServed(opened(new Socket(InetAddress.getLoopbackAddress(), node.port())))) {}

        connect(node, LONG);

        await().until(() -> !losses.isEmpty());
        assertThat(losses).containsExactly("the node said \"ERROR Too many open connections\"");
    }

    private static boolean isServed(Socket socket) throws IOException {
        socket.getOutputStream().write("mn\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket.getInputStream().read() == 'M';
    }

    @Test
    void interruptedWhileConnecting_open_failsAndTheFlagStays() throws Exception {
        MemcachedNode node = opened(MemcachedNode.builder().start());
        SpyTransport transport = transport(LONG);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> transport.open(NodeAddress.parse(node.address()), losses::add))
                .isInstanceOf(IOException.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
