package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.OldServer;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is removed from a node that is young leaves a tombstone, in whichever commands it is said. */
@ParameterizedClass
@EnumSource
class YoungNodeTest {
    private static final Duration TTL = Duration.ofMinutes(10);

    enum Spoken {
        META,
        CLASSIC
    }

    private static MemcachedNode node;
    private static OldServer oldServer;
    private static SpyTransport transport;
    private static NodeConnection young;
    private static int keys;

    private final String key = "young-" + keys++;

    YoungNodeTest(Spoken spoken) {}

    @BeforeParameterizedClassInvocation
    static void open(Spoken spoken) throws IOException {
        node = MemcachedNode.builder().start();
        oldServer = new OldServer(node.port());
        transport = new SpyTransport("test", Duration.ofSeconds(5), Duration.ofSeconds(10));
        young = connect(spoken, Duration.ofMinutes(2));
    }

    private static NodeConnection connect(Spoken spoken, Duration youth) throws IOException {
        NodeConnection connection = transport.open(
                spoken == Spoken.META
                        ? NodeAddress.parse(node.address())
                        : new NodeAddress("127.0.0.1", oldServer.port(), 1),
                why -> {});
        if (spoken == Spoken.CLASSIC) {
            connection.speakClassic();
        }
        connection.youngFor(youth);
        return connection;
    }

    @AfterParameterizedClassInvocation
    static void close() throws IOException {
        young.close();
        transport.close();
        oldServer.close();
        node.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Reply.Miss miss(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Miss.class);
        return (Reply.Miss) reply;
    }

    @Test
    void deleted_add_isRefusedAndEveryReadIsAMissWithItsToken() {
        await(young.set(key, bytes("old"), 7, TTL), Reply.Stored.class);

        assertThat(await(young.delete(key))).isEqualTo(new Reply.Deleted());

        assertThat(await(young.add(key, bytes("old"), 7, TTL))).isEqualTo(new Reply.NotStored());
        for (Reply reply : List.of(
                await(young.get(key, 0, 0)),
                await(young.get(key, 30, 30)),
                young.getAll(List.of(key), 0, 0).join().get(0),
                young.getAll(List.of(key), 30, 30).join().get(0))) {
            assertThat(miss(reply).token()).isNotZero();
        }
    }

    @Test
    void neverThere_delete_leavesATombstoneToo() {
        assertThat(await(young.delete(key))).isEqualTo(new Reply.Deleted());

        assertThat(await(young.add(key, bytes("old"), 7, TTL))).isEqualTo(new Reply.NotStored());
    }

    @Test
    void tombstone_claims_giveTheLeaseToOneWhoseFillStores() {
        await(young.delete(key));

        Reply.Miss won = miss(await(young.claim(key, 30)));
        Reply.Miss lost = miss(await(young.claim(key, 30)));

        assertThat(won.lease()).isEqualTo(Lease.WON);
        assertThat(lost.lease()).isEqualTo(Lease.LOST);
        assertThat(await(young.fill(key, bytes("new"), 7, TTL, won.token()))).isEqualTo(new Reply.Stored());
        assertThat(await(young.get(key, 30, 0), Reply.Hit.class).data()).isEqualTo(bytes("new"));
    }

    @Test
    void claimedTombstone_deletedAgain_refusesTheFillAndCanBeClaimedAgain() {
        await(young.delete(key));
        Reply.Miss before = miss(await(young.claim(key, 30)));

        await(young.delete(key));

        assertThat(await(young.fill(key, bytes("too old"), 7, TTL, before.token())))
                .isEqualTo(new Reply.NotStored());
        assertThat(miss(await(young.claim(key, 30))).lease()).isEqualTo(Lease.WON);
    }

    @Test
    void leaseOnATombstone_release_leavesATombstoneThatCanBeClaimed() {
        await(young.delete(key));
        Reply.Miss won = miss(await(young.claim(key, 30)));

        assertThat(await(young.release(key, won.token()))).isEqualTo(new Reply.Deleted());

        assertThat(await(young.add(key, bytes("old"), 7, TTL))).isEqualTo(new Reply.NotStored());
        assertThat(miss(await(young.claim(key, 30))).lease()).isEqualTo(Lease.WON);
    }

    @Test
    void leaseOnNothing_release_leavesATombstone() {
        Reply.Miss won = miss(await(young.get(key, 30, 0)));

        assertThat(await(young.release(key, won.token()))).isEqualTo(new Reply.Deleted());

        assertThat(await(young.add(key, bytes("old"), 7, TTL))).isEqualTo(new Reply.NotStored());
        assertThat(miss(await(young.claim(key, 30))).lease()).isEqualTo(Lease.WON);
    }

    @Test
    void anotherVersionThere_release_isNotStoredAndTheVersionStays() {
        Reply.Miss won = miss(await(young.get(key, 30, 0)));
        await(young.set(key, bytes("newer"), 7, TTL), Reply.Stored.class);

        assertThat(await(young.release(key, won.token()))).isEqualTo(new Reply.NotStored());

        assertThat(await(young.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("newer"));
    }

    @Test
    void placeholderOfAnotherReader_delete_refusesItsFill() {
        Reply.Miss won = miss(await(young.get(key, 30, 0)));

        await(young.delete(key));

        assertThat(await(young.fill(key, bytes("loaded before"), 7, TTL, won.token())))
                .isEqualTo(new Reply.NotStored());
    }

    @Test
    void tombstone_set_overwrites() {
        await(young.delete(key));

        assertThat(await(young.set(key, bytes("put"), 7, TTL))).isEqualTo(new Reply.Stored());

        assertThat(await(young.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("put"));
    }

    @Test
    void emptyValueOfAnotherProgram_get_isAHitAllTheSame() {
        await(young.set(key, new byte[0], 7, TTL), Reply.Stored.class);

        assertThat(await(young.get(key, 0, 0))).isInstanceOf(Reply.Hit.class);
    }

    @Test
    void youthOver_delete_leavesNothing() throws IOException {
        Spoken[] both = Spoken.values();
        for (Spoken spoken : both) {
            try (NodeConnection grown = connect(spoken, Duration.ZERO)) {
                String own = key + spoken;
                await(grown.set(own, bytes("value"), 7, TTL), Reply.Stored.class);

                await(grown.delete(own));

                assertThat(await(grown.get(own, 0, 0))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
            }
        }
    }

    @Test
    void youthOver_tombstone_isGoneByItself() throws IOException {
        try (NodeConnection nearlyGrown = connect(Spoken.META, Duration.ofMillis(100))) {
            await(nearlyGrown.delete(key));
            assertThat(await(nearlyGrown.add(key, bytes("old"), 7, TTL))).isEqualTo(new Reply.NotStored());

            await().until(() -> await(nearlyGrown.add(key, bytes("old"), 7, TTL)) instanceof Reply.Stored);
        }
    }

    @Test
    void reservedAndTakenBack_add_isStored() {
        Reply.Reserved reserved = await(young.reserve(key, TTL), Reply.Reserved.class);
        assertThat(await(young.add(key, bytes("old"), 0, TTL))).isEqualTo(new Reply.NotStored());

        await(young.unreserve(key, reserved.token()), Reply.Deleted.class);

        assertThat(await(young.add(key, bytes("old"), 0, TTL))).isEqualTo(new Reply.Stored());
    }

    @Test
    void reservedAndInvalidatedSince_unreserve_leavesTheTombstoneOfTheInvalidation() {
        Reply.Reserved reserved = await(young.reserve(key, TTL), Reply.Reserved.class);
        await(young.delete(key), Reply.Deleted.class);

        await(young.unreserve(key, reserved.token()), Reply.NotStored.class);

        assertThat(await(young.add(key, bytes("old"), 0, TTL))).isEqualTo(new Reply.NotStored());
    }
}
