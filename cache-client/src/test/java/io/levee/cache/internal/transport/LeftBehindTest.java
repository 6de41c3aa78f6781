package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads, sockets and memory: what a transport has, and that nothing of it stays behind. */
class LeftBehindTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private MemcachedNode node;
    private SpyTransport transport;
    private String name;
    private static int names;

    @BeforeEach
    void open() throws IOException {
        node = MemcachedNode.builder().start();
        name = "left-behind-" + names++;
        transport = new SpyTransport(name, LONG, LONG);
    }

    @AfterEach
    void close() {
        transport.close();
        node.close();
    }

    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(name))
                .toList();
    }

    /** How many clients the node counts, without the one that asks. */
    private int clients() throws IOException {
        try (SpyTransport other = new SpyTransport("other", LONG, LONG);
                NodeConnection connection = other.open(NodeAddress.parse(node.address()), why -> {})) {
            Reply.Statistics statistics = await(connection.stats(""), Reply.Statistics.class);
            return Integer.parseInt(statistics.values().get("curr_connections")) - 1;
        }
    }

    @Test
    void openConnection_threads_areNamedDaemons() throws IOException {
        try (NodeConnection connection = transport.open(NodeAddress.parse(node.address()), why -> {})) {
            assertThat(connection.isAlive()).isTrue();
            assertThat(threads())
                    .allMatch(Thread::isDaemon)
                    .extracting(Thread::getName)
                    .containsExactlyInAnyOrder(
                            "levee-" + name + "-timeouts", "levee-" + name + "-io-" + node.address());
        }
    }

    @Test
    void connectionClosed_threadAndSocket_areGone() throws IOException {
        NodeConnection connection = transport.open(NodeAddress.parse(node.address()), why -> {});
        await(connection.probe());
        assertThat(clients()).isEqualTo(1);

        connection.close();

        await().until(() -> clients() == 0);
        await().until(() -> threads().size() == 1);
        transport.close();
        await().until(() -> threads().isEmpty());
    }

    @Test
    void connectionLost_thread_isGone() throws Exception {
        List<String> losses = new CopyOnWriteArrayList<>();
        NodeConnection connection = transport.open(NodeAddress.parse(node.address()), losses::add);
        await(connection.probe());
        assertThat(threads()).hasSize(2);

        node.kill();

        await().until(() -> losses.size() == 1);
        await().until(() -> threads().size() == 1);
    }

    @Test
    void connectionOutOfStep_socket_isClosedToTheNode() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (HostileServer server = new HostileServer(wire -> {
            wire.next();
            wire.send("nonsense\r\n");
            wire.awaitEnd();
            seen.add("the end");
        })) {
            NodeConnection connection = transport.open(server.address(), why -> {});
            Replies.unavailable(connection.probe(), Reason.REFUSED);

            await().until(() -> !seen.isEmpty());
        }
    }

    @Test
    void manyConnectionsOpenedAndClosed_descriptors_areBackWhereTheyWere() throws IOException {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        openAndClose(20);
        long before = system.getOpenFileDescriptorCount();

        openAndClose(300);

        // A leak would be one descriptor a connection or more; other things of the process may open a few.
        await().until(() -> system.getOpenFileDescriptorCount() < before + 50);
        await().until(() -> threads().size() == 1);
        await().until(() -> clients() == 0);
    }

    private void openAndClose(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (NodeConnection connection = transport.open(NodeAddress.parse(node.address()), why -> {})) {
                await(connection.probe());
            }
        }
    }

    @Test
    void valueRead_memory_isFreeLongBeforeTheTimeOut() throws IOException {
        try (NodeConnection connection = transport.open(NodeAddress.parse(node.address()), why -> {})) {
            await(connection.set("key", new byte[1000], 0, Duration.ofMinutes(1)), Reply.Stored.class);

            WeakReference<byte[]> value = readAndForget(connection);

            await().until(() -> {
                System.gc();
                return value.get() == null;
            });
        }
    }

    private static WeakReference<byte[]> readAndForget(NodeConnection connection) {
        return new WeakReference<>(
                await(connection.get("key", 0, 0), Reply.Hit.class).data());
    }

    @Test
    void errorInAnOperation_ioThread_endsTheConnectionAndSaysSo() throws Exception {
        List<String> losses = new ArrayList<>();
        SpyConnection connection = (SpyConnection) transport.open(NodeAddress.parse(node.address()), losses::add);

        Reply.Unavailable reply =
                Replies.unavailable(connection.send(() -> new Dying(connection)), Reason.DISCONNECTED);

        assertThat(reply.detail()).isEqualTo("its I/O thread died of java.lang.OutOfMemoryError: in a test");
        assertThat(losses).containsExactly(reply.detail());
        assertThat(connection.isAlive()).isFalse();
        await().until(() -> clients() == 0);
    }

    /** Dies of its reply. */
    private static final class Dying extends SpyOperation {
        Dying(SpyConnection connection) {
            super(connection, "", new CommandLine("mn", "", 0).end());
        }

        @Override
        Reply read(java.nio.ByteBuffer data) {
            throw new OutOfMemoryError("in a test");
        }

        @Override
        Reply answer(ReplyLine line) {
            throw new AssertionError("not reached");
        }
    }
}
