package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only the meta commands can say to a real memcached. */
class MetaCommandsTest {
    private static final Duration TTL = Duration.ofMinutes(10);

    private static MemcachedNode node;
    private static SpyTransport transport;
    private static NodeConnection connection;
    private static int keys;

    @BeforeAll
    static void open() throws IOException {
        node = MemcachedNode.builder().start();
        transport = new SpyTransport("test", Duration.ofSeconds(5), Duration.ofSeconds(10));
        connection = transport.open(NodeAddress.parse(node.address()), why -> {});
    }

    @AfterAll
    static void close() {
        connection.close();
        transport.close();
        node.close();
    }

    private static String newKey() {
        return "key-" + keys++;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void lessThanRecacheLeft_get_givesTheRefreshToOneReader() {
        String key = newKey();
        await(connection.set(key, bytes("value"), 0, Duration.ofSeconds(20)));

        assertThat(await(connection.get(key, 30, 5), Reply.Hit.class).lease()).isEqualTo(Lease.NONE);
        assertThat(await(connection.get(key, 30, 60), Reply.Hit.class).lease()).isEqualTo(Lease.WON);
        Reply.Hit third = await(connection.get(key, 30, 60), Reply.Hit.class);
        assertThat(third.lease()).isEqualTo(Lease.LOST);
        assertThat(third.data()).isEqualTo(bytes("value"));
    }

    @Test
    void claimHeldByADeadReader_reopen_keepsTheItemAndLetsTheNextWin() {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 7, TTL));
        long dead = await(connection.claim(key, 30), Reply.Hit.class).token();

        assertThat(await(connection.reopen(key, dead))).isEqualTo(new Reply.Reopened());

        Reply.Hit next = await(connection.claim(key, 30), Reply.Hit.class);
        assertThat(next.lease()).isEqualTo(Lease.WON);
        assertThat(next.stale()).isTrue();
        assertThat(next.data()).isEqualTo(bytes("stale"));
        assertThat(next.flags()).isEqualTo(7);
        assertThat(next.token()).isNotEqualTo(dead);
        assertThat(await(connection.claim(key, 30), Reply.Hit.class).lease()).isEqualTo(Lease.LOST);
    }

    @Test
    void reopened_reserve_leavesTheLeaseToTheNextReader() {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 7, TTL));
        long claimed = await(connection.claim(key, 30), Reply.Hit.class).token();
        await(connection.reopen(key, claimed));

        assertThat(await(connection.reserve(key, TTL))).isEqualTo(new Reply.Reserved(0, false));

        Reply.Hit next = await(connection.get(key, 30, 0), Reply.Hit.class);
        assertThat(next.lease()).isEqualTo(Lease.WON);
        assertThat(next.data()).isEqualTo(bytes("stale"));
    }

    @Test
    void reopened_fillWithTheOldToken_isNotStoredAndWithTheNewOneIs() {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 0, TTL));
        long dead = await(connection.claim(key, 30), Reply.Hit.class).token();
        await(connection.reopen(key, dead), Reply.Reopened.class);
        long alive = await(connection.claim(key, 30), Reply.Hit.class).token();

        assertThat(await(connection.fill(key, bytes("late"), 0, TTL, dead))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.fill(key, bytes("fresh"), 0, TTL, alive))).isEqualTo(new Reply.Stored());

        Reply.Hit hit = await(connection.get(key, 0, 0), Reply.Hit.class);
        assertThat(hit.data()).isEqualTo(bytes("fresh"));
        assertThat(hit.stale()).isFalse();
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
    }

    @Test
    void anotherVersionOrNothingThere_reopen_saysWhich() {
        String key = newKey();
        await(connection.set(key, bytes("value"), 0, TTL));
        long token = await(connection.get(key, 0, 0), Reply.Hit.class).token();
        await(connection.set(key, bytes("newer"), 0, TTL));

        assertThat(await(connection.reopen(key, token))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.reopen(newKey(), token))).isEqualTo(new Reply.Deleted());
        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).stale()).isFalse();
    }

    @Test
    void leaseOfAMissHeldByADeadReader_reopen_letsTheNextWin() {
        String key = newKey();
        long dead = await(connection.get(key, 30, 0), Reply.Miss.class).token();

        assertThat(await(connection.reopen(key, dead))).isEqualTo(new Reply.Reopened());

        Reply.Miss next = await(connection.get(key, 30, 0), Reply.Miss.class);
        assertThat(next.lease()).isEqualTo(Lease.WON);
        assertThat(await(connection.fill(key, bytes("late"), 0, TTL, dead))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.fill(key, bytes("loaded"), 0, TTL, next.token())))
                .isEqualTo(new Reply.Stored());
    }
}
