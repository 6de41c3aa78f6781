package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.OldServer;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Leases that memcached knows nothing of. */
class ClassicCommandsTest {
    private static final Duration TTL = Duration.ofMinutes(10);

    private static MemcachedNode node;
    private static OldServer oldServer;
    private static SpyTransport transport;
    private static NodeConnection connection;
    private static int keys;

    @BeforeAll
    static void open() throws IOException {
        node = MemcachedNode.builder().start();
        oldServer = new OldServer(node.port());
        transport = new SpyTransport("test", Duration.ofSeconds(5), Duration.ofSeconds(10));
        connection = connect();
        connection.speakClassic();
    }

    private static NodeConnection connect() throws IOException {
        return transport.open(new NodeAddress("127.0.0.1", oldServer.port(), 1), why -> {});
    }

    @AfterAll
    static void close() throws IOException {
        connection.close();
        transport.close();
        oldServer.close();
        node.close();
    }

    private static String newKey() {
        return "key-" + keys++;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void probe_notYetClassic_isRefusedAsAnUnknownCommandAndThenAnswered() throws IOException {
        try (NodeConnection fresh = connect()) {
            assertThat(await(fresh.probe())).isEqualTo(new Reply.Unavailable(Reason.REFUSED, "ERROR"));
            fresh.speakClassic();
            assertThat(await(fresh.probe())).isEqualTo(new Reply.Alive());
        }
    }

    @Test
    void everyOperation_words_areNoMetaCommands() throws IOException {
        try (OldServer own = new OldServer(node.port());
                NodeConnection fresh = transport.open(new NodeAddress("127.0.0.1", own.port(), 1), why -> {})) {
            fresh.speakClassic();
            String key = newKey();
            long token = await(fresh.get(key, 30, 30), Reply.Miss.class).token();
            await(fresh.fill(key, bytes("value"), 0, TTL, token), Reply.Stored.class);
            await(fresh.claim(key, 30), Reply.Hit.class);
            await(fresh.reopen(key, token), Reply.Reopened.class);
            await(fresh.release(key, token), Reply.NotStored.class);
            await(fresh.getAll(List.of(key), 30, 30));
            await(fresh.set(key, bytes("value"), 0, TTL), Reply.Stored.class);
            await(fresh.delete(key), Reply.Deleted.class);
            await(fresh.add(key, bytes("value"), 0, TTL), Reply.Stored.class);
            await(fresh.probe(), Reply.Alive.class);

            assertThat(own.words()).containsExactlyInAnyOrder("gets", "add", "cas", "delete", "set", "version");
        }
    }

    @Test
    void leaseOfAMissHeldByADeadReader_get_winsWhenItsTimeIsOver() {
        String key = newKey();
        long dead = await(connection.get(key, 1, 0), Reply.Miss.class).token();

        await().until(() -> await(connection.get(key, 30, 0), Reply.Miss.class).lease() == Lease.WON);

        assertThat(await(connection.fill(key, bytes("late"), 0, TTL, dead))).isEqualTo(new Reply.NotStored());
    }

    @Test
    void claimHeldByADeadReader_claim_winsWhenItsTimeIsOver() {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 0, TTL), Reply.Stored.class);
        Reply.Hit dead = await(connection.claim(key, 1), Reply.Hit.class);
        assertThat(dead.lease()).isEqualTo(Lease.WON);
        assertThat(await(connection.reopen(key, dead.token()))).isEqualTo(new Reply.Reopened());

        await().until(() -> await(connection.claim(key, 30), Reply.Hit.class).lease() == Lease.WON);

        assertThat(await(connection.claim(key, 30), Reply.Hit.class).lease()).isEqualTo(Lease.LOST);
    }

    @Test
    void keysOfTheLongestKind_claim_haveLeasesOfTheirOwn() {
        String start = "k".repeat(249);
        for (String key : List.of(start + "a", start + "b")) {
            await(connection.set(key, bytes("stale"), 0, TTL), Reply.Stored.class);
            assertThat(await(connection.claim(key, 30), Reply.Hit.class).lease())
                    .isEqualTo(Lease.WON);
            assertThat(await(connection.claim(key, 30), Reply.Hit.class).lease())
                    .isEqualTo(Lease.LOST);
        }
    }

    @Test
    void keysOfAllLengths_leaseKey_isAKeyAndNoTwoAreTheSame() {
        List<String> leases = java.util.stream.IntStream.rangeClosed(1, 250)
                .mapToObj(length -> LeaseKey.of("k".repeat(length)))
                .toList();

        assertThat(leases).doesNotHaveDuplicates().allMatch(key -> key.length() <= 250 && key.startsWith("%l"));
    }

    @Test
    void refusedForItsSize_fill_isTooLargeAndTheConnectionStaysInStep() throws IOException {
        try (NodeConnection mistaken = connect()) {
            mistaken.speakClassic();
            mistaken.itemLimit(16 << 20);
            String key = newKey();
            long token = await(mistaken.get(key, 30, 0), Reply.Miss.class).token();
            byte[] data = new byte[2 << 20];

            assertThat(await(mistaken.fill(key, data, 0, TTL, token)))
                    .isEqualTo(new Reply.TooLarge(data.length, 16 << 20));

            assertThat(await(mistaken.get("none", 0, 0))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
            assertThat(mistaken.isAlive()).isTrue();
        }
    }
}
