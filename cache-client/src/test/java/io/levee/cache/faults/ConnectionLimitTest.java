package io.levee.cache.faults;

import static io.levee.cache.faults.Cluster.IN_THE_END;
import static io.levee.cache.faults.Cluster.awaitUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.Lookup.Source;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.HealthStatus;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node whose connections are all taken. By default memcached accepts one more, says that there are too many, and closes it;
 * with {@code no_maxconns_fast} it accepts no more, so that a connection hangs, half made or made and unanswered.
 */
class ConnectionLimitTest {
    private static final int LIMIT = 256;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final CountingDatabase database = new CountingDatabase();
    private final NodeEvents events = new NodeEvents();
    private ClientLog log;

    @BeforeEach
    void start() {
        log = new ClientLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static MemcachedNode refusingNode() {
        return MemcachedNode.builder().connectionLimit(LIMIT).start();
    }

    private static MemcachedNode silentNode() {
        return MemcachedNode.builder()
                .connectionLimit(LIMIT)
                .extraArguments("-o", "no_maxconns_fast")
                .start();
    }

    /** Connections of other clients: as many as the node takes, and the one that it does not. */
    private static final class Others implements AutoCloseable {
        private static final byte[] ASK = "mn\r\n".getBytes(StandardCharsets.US_ASCII);

        private final List<Socket> sockets = new ArrayList<>();

        static Others takeAll(MemcachedNode node) throws IOException {
            Others others = new Others();
            while (others.takeOne(node)) {
                assertThat(others.sockets).hasSizeLessThanOrEqualTo(LIMIT);
            }
            return others;
        }

        private boolean takeOne(MemcachedNode node) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
            sockets.add(socket);
            socket.setSoTimeout(2_000);
            try {
                socket.getOutputStream().write(ASK);
                return socket.getInputStream().read() == 'M';
            } catch (SocketTimeoutException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private CacheClient.Builder client(MemcachedNode node, Duration connectTimeout) {
        return CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(Duration.ofSeconds(20))
                .connectTimeout(connectTimeout)
                .reconnectBackoff(Duration.ofMillis(10), Duration.ofSeconds(2))
                .probeInterval(Duration.ofMillis(100))
                .listener(events);
    }

    private ReadThroughCache<Integer, String> cache(CacheClient client) {
        return client.cache("pages", Integer.class, String.class)
                .loader(database)
                .expireAfterWrite(MINUTE)
                .build();
    }

    @Test
    void limitReached_newConnectionsRefused_clientIsBuiltServesLoadsAndComesBack() throws Exception {
        try (MemcachedNode node = refusingNode();
                Others others = Others.takeAll(node);
                CacheClient client = client(node, Duration.ofMillis(300)).build()) {
            servesLoadsWhileTheBackoffGrows(client, node);
            assertThat(Cluster.health(client, node).lastError()).containsIgnoringCase("too many open connections");
            assertThat(client.health().advisories())
                    .extracting(Advisory::code)
                    .containsExactly(Advisory.Code.CONNECTION_LIMIT);
            assertThat(log.lines("CONNECTION_LIMIT", node.address(), "too many open connections"))
                    .hasSize(1);

            comesBack(client, node, others);
            await().atMost(IN_THE_END).until(() -> events.cleared(Advisory.Code.CONNECTION_LIMIT));
        }
    }

    @Test
    void limitReached_newConnectionsHang_clientIsBuiltServesLoadsAndComesBack() throws Exception {
        try (MemcachedNode node = silentNode();
                Others others = Others.takeAll(node);
                CacheClient client = client(node, Duration.ofMillis(300)).build()) {
            servesLoadsWhileTheBackoffGrows(client, node);
            assertThat(Cluster.health(client, node).lastError())
                    .containsAnyOf("connected, but no answer", "no connection within");

            comesBack(client, node, others);
        }
    }

    private void servesLoadsWhileTheBackoffGrows(CacheClient client, MemcachedNode node) {
        assertThat(client.health().status()).isEqualTo(HealthStatus.DOWN);
        ReadThroughCache<Integer, String> cache = cache(client);
        assertThat(cache.lookup(1).source()).isEqualTo(Source.LOADED);
        assertThat(cache.lookup(1).source()).isEqualTo(Source.FALLBACK);

        // Each attempt connects, and is none the better for it.
        await().atMost(IN_THE_END).until(() -> events.attempts().size() >= 6);
        List<NodeEvents.Attempt> attempts = events.attempts();
        for (int i = 1; i < attempts.size(); i++) {
            assertThat(attempts.get(i).number()).isEqualTo(attempts.get(i - 1).number() + 1);
        }
        // Full jitter: some random part of a ceiling that doubles.
        attempts.forEach(attempt -> assertThat(attempt.nextIn())
                .isLessThanOrEqualTo(Duration.ofMillis(10L << Math.min(attempt.number(), 8))));
        assertThat(attempts).anyMatch(attempt -> attempt.nextIn().toMillis() > 10);
        assertThat(events.up()).isEmpty();
        assertThat(events.downs(node.address())).isEqualTo(1);
        assertThat(database.loads()).isEqualTo(1);
    }

    private static void comesBack(CacheClient client, MemcachedNode node, Others others) throws IOException {
        others.close();
        awaitUp(client, node);
        assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void limitNear_clientConnectedBefore_isToldTheCountAndTheLimit() throws Exception {
        for (MemcachedNode fresh : List.of(refusingNode(), silentNode())) {
            try (MemcachedNode node = fresh;
                    CacheClient client = client(node, Duration.ofSeconds(20)).build()) {
                ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                        .loader(database)
                        .expireAfterWrite(MINUTE)
                        .build();
                // The write is in the background.
                await().atMost(IN_THE_END).until(() -> cache.lookup(1).source() == Source.MEMCACHED);
                assertThat(client.health().advisories()).isEmpty();

                try (Others others = Others.takeAll(node)) {
                    assertThat(others.sockets).isNotEmpty();
                    await().atMost(IN_THE_END)
                            .untilAsserted(() -> assertThat(client.health().advisories())
                                    .singleElement()
                                    .satisfies(advisory -> assertThat(advisory.toString())
                                            .startsWith("CONNECTION_LIMIT " + node.address())
                                            .contains("of " + LIMIT + " connections")));
                    // Who has a connection goes on using it.
                    assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
                    assertThat(cache.lookup(1).source()).isEqualTo(Source.MEMCACHED);
                }
                await().atMost(IN_THE_END)
                        .until(() -> client.health().advisories().isEmpty());
            }
        }
    }
}
