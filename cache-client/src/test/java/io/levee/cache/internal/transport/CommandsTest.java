package io.levee.cache.internal.transport;

import static io.levee.cache.internal.transport.Replies.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.OldServer;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.Reply.Lease;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operations do to a real memcached, in whichever commands they are said. */
@ParameterizedClass
@EnumSource
class CommandsTest {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final int ITEM_LIMIT_BYTES = 1 << 20;
    private static final int OVERHEAD_BYTES = 63;

    enum Spoken {
        META,
        CLASSIC
    }

    private static MemcachedNode node;
    private static OldServer oldServer;
    private static SpyTransport transport;
    private static NodeConnection connection;
    private static int keys;

    private final Spoken spoken;

    CommandsTest(Spoken spoken) {
        this.spoken = spoken;
    }

    @BeforeParameterizedClassInvocation
    static void open(Spoken spoken) throws IOException {
        node = MemcachedNode.builder().start();
        oldServer = new OldServer(node.port());
        transport = new SpyTransport("test", Duration.ofSeconds(5), Duration.ofSeconds(10));
        connection = connect(spoken, why -> {});
    }

    private static NodeConnection connect(Spoken spoken, Consumer<String> onLost) throws IOException {
        if (spoken == Spoken.META) {
            return transport.open(NodeAddress.parse(node.address()), onLost);
        }
        NodeConnection classic = transport.open(new NodeAddress("127.0.0.1", oldServer.port(), 1), onLost);
        classic.speakClassic();
        return classic;
    }

    @AfterParameterizedClassInvocation
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
    void absentKey_get_isMissWithoutLease() {
        assertThat(await(connection.get(newKey(), 0, 0))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
    }

    @Test
    void storedValue_get_isHitWithFlagsAndToken() {
        String key = newKey();

        assertThat(await(connection.set(key, bytes("value"), 65_535, TTL))).isEqualTo(new Reply.Stored());

        Reply.Hit hit = await(connection.get(key, 0, 0), Reply.Hit.class);
        assertThat(hit.data()).isEqualTo(bytes("value"));
        assertThat(hit.flags()).isEqualTo(65_535);
        assertThat(hit.token()).isNotZero();
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
        assertThat(hit.stale()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_000, 16_384, 40_000, ITEM_LIMIT_BYTES - OVERHEAD_BYTES - 8})
    void valueWithLineEndsInIt_get_isTheSameBytes(int size) {
        String key = newKey();
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        for (int i = 0; i + 1 < size; i += 500) {
            data[i] = '\r';
            data[i + 1] = '\n';
        }
        assertThat(await(connection.set(key, data, 0, TTL))).isEqualTo(new Reply.Stored());

        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(data);
    }

    @Test
    void valueStoredEmpty_getAskingForLeases_isHit() {
        String key = newKey();
        await(connection.set(key, new byte[0], 3, TTL));

        Reply.Hit hit = await(connection.get(key, 30, 10), Reply.Hit.class);

        assertThat(hit.data()).isEmpty();
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
    }

    @Test
    void absentKey_firstGetWithLease_winsAndOthersLose() {
        String key = newKey();

        Reply.Miss first = await(connection.get(key, 30, 0), Reply.Miss.class);
        Reply.Miss second = await(connection.get(key, 30, 0), Reply.Miss.class);
        Reply.Miss withoutAsking = await(connection.get(key, 0, 0), Reply.Miss.class);

        assertThat(first.lease()).isEqualTo(Lease.WON);
        assertThat(first.token()).isNotZero();
        assertThat(second).isEqualTo(new Reply.Miss(Lease.LOST, first.token()));
        assertThat(withoutAsking).isEqualTo(new Reply.Miss(Lease.LOST, first.token()));
    }

    @Test
    void leaseWon_fill_storesAndEndsTheLease() {
        String key = newKey();
        long token = await(connection.get(key, 30, 0), Reply.Miss.class).token();

        assertThat(await(connection.fill(key, bytes("loaded"), 1, TTL, token))).isEqualTo(new Reply.Stored());

        Reply.Hit hit = await(connection.get(key, 30, 0), Reply.Hit.class);
        assertThat(hit.data()).isEqualTo(bytes("loaded"));
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
    }

    @Test
    void keyDeletedWhileLoading_fill_isNotStored() {
        String key = newKey();
        long token = await(connection.get(key, 30, 0), Reply.Miss.class).token();
        await(connection.delete(key));

        assertThat(await(connection.fill(key, bytes("old"), 0, TTL, token))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.get(key, 0, 0))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
    }

    @Test
    void keyOverwrittenWhileLoading_fill_isNotStored() {
        String key = newKey();
        long token = await(connection.get(key, 30, 0), Reply.Miss.class).token();
        await(connection.set(key, bytes("newer"), 0, TTL));

        assertThat(await(connection.fill(key, bytes("old"), 0, TTL, token))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("newer"));
    }

    @Test
    void noToken_fill_isNotStored() {
        String key = newKey();
        await(connection.set(key, bytes("there"), 0, TTL));

        assertThat(await(connection.fill(key, bytes("blind"), 0, TTL, 0))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.fill(newKey(), bytes("blind"), 0, TTL, 0))).isEqualTo(new Reply.NotStored());
    }

    @Test
    void leaseWon_release_letsTheNextWin() {
        String key = newKey();
        long token = await(connection.get(key, 30, 0), Reply.Miss.class).token();

        assertThat(await(connection.release(key, token))).isEqualTo(new Reply.Deleted());

        assertThat(await(connection.get(key, 30, 0), Reply.Miss.class).lease()).isEqualTo(Lease.WON);
    }

    @Test
    void itemOverwritten_release_keepsIt() {
        String key = newKey();
        long token = await(connection.get(key, 30, 0), Reply.Miss.class).token();
        await(connection.set(key, bytes("newer"), 0, TTL));

        assertThat(await(connection.release(key, token))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("newer"));
    }

    @Test
    void nothingThere_releaseAndDelete_areDeleted() {
        assertThat(await(connection.release(newKey(), 7))).isEqualTo(new Reply.Deleted());
        assertThat(await(connection.delete(newKey()))).isEqualTo(new Reply.Deleted());
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 3_000_000, 10_000_000_000L})
    void itemNoGoodAnyMore_claims_areWonByOneWhateverItHasLeftToLive(long ttlSeconds) {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 7, Duration.ofSeconds(ttlSeconds)));

        Reply.Hit first = await(connection.claim(key, 30), Reply.Hit.class);
        Reply.Hit second = await(connection.claim(key, 30), Reply.Hit.class);

        assertThat(first.lease()).isEqualTo(Lease.WON);
        assertThat(first.data()).isEqualTo(bytes("stale"));
        assertThat(first.flags()).isEqualTo(7);
        assertThat(second.lease()).isEqualTo(Lease.LOST);
        assertThat(second.token()).isEqualTo(first.token());
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 10_000_000_000L})
    void manyClaimAtOnce_claims_oneIsWonAndAllOthersAreLost(long ttlSeconds) throws IOException {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 0, Duration.ofSeconds(ttlSeconds)));
        try (NodeConnection other = connect(spoken, why -> {})) {
            List<CompletableFuture<Reply>> claims = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                claims.add(connection.claim(key, 30));
                claims.add(other.claim(key, 30));
            }

            assertThat(claims.stream()
                            .map(claim -> await(claim, Reply.Hit.class).lease()))
                    .containsOnlyOnce(Lease.WON)
                    .doesNotContain(Lease.NONE);
        }
    }

    @Test
    void claimWon_fill_storesAndTheNextClaimIsWonAgain() {
        String key = newKey();
        await(connection.set(key, bytes("stale"), 0, TTL));
        long token = await(connection.claim(key, 30), Reply.Hit.class).token();

        assertThat(await(connection.fill(key, bytes("fresh"), 0, TTL, token))).isEqualTo(new Reply.Stored());

        Reply.Hit hit = await(connection.get(key, 30, 0), Reply.Hit.class);
        assertThat(hit.data()).isEqualTo(bytes("fresh"));
        assertThat(hit.lease()).isEqualTo(Lease.NONE);
        assertThat(await(connection.claim(key, 30), Reply.Hit.class).lease()).isEqualTo(Lease.WON);
    }

    @Test
    void nothingThere_claim_isAMissWhoseLeaseIsWonOnce() {
        String key = newKey();

        Reply.Miss first = await(connection.claim(key, 30), Reply.Miss.class);
        Reply.Miss second = await(connection.claim(key, 30), Reply.Miss.class);

        assertThat(first.lease()).isEqualTo(Lease.WON);
        assertThat(second).isEqualTo(new Reply.Miss(Lease.LOST, first.token()));
        assertThat(await(connection.fill(key, bytes("loaded"), 0, TTL, first.token())))
                .isEqualTo(new Reply.Stored());
    }

    @Test
    void keyAbsentThenThere_add_isStoredOnce() {
        String key = newKey();

        assertThat(await(connection.add(key, bytes("first"), 9, TTL))).isEqualTo(new Reply.Stored());
        assertThat(await(connection.add(key, bytes("second"), 0, TTL))).isEqualTo(new Reply.NotStored());

        Reply.Hit hit = await(connection.get(key, 0, 0), Reply.Hit.class);
        assertThat(hit.data()).isEqualTo(bytes("first"));
        assertThat(hit.flags()).isEqualTo(9);
    }

    @Test
    void leaseOfAMissHeld_add_isNotStored() {
        String key = newKey();
        await(connection.get(key, 30, 0), Reply.Miss.class);

        assertThat(await(connection.add(key, bytes("value"), 0, TTL))).isEqualTo(new Reply.NotStored());
    }

    @Test
    void nothingThere_reserve_leavesATombstoneWhoseTokenIsOurs() {
        String key = newKey();

        Reply.Reserved reserved = await(connection.reserve(key, TTL), Reply.Reserved.class);
        Reply.Reserved again = await(connection.reserve(key, TTL), Reply.Reserved.class);

        assertThat(reserved.ours()).isTrue();
        assertThat(reserved.token()).isNotZero();
        assertThat(again).isEqualTo(new Reply.Reserved(reserved.token(), false));
        // Nobody has to wait for whoever reserved.
        assertThat(await(connection.get(key, 30, 0))).isEqualTo(new Reply.Miss(Lease.NONE, reserved.token()));
        assertThat(await(connection.claim(key, 30))).isEqualTo(new Reply.Miss(Lease.WON, reserved.token()));
        assertThat(await(connection.fill(key, bytes("value"), 0, TTL, reserved.token())))
                .isEqualTo(new Reply.Stored());
        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("value"));
    }

    @Test
    void reserved_unreserve_leavesNothing() {
        String key = newKey();
        Reply.Reserved reserved = await(connection.reserve(key, TTL), Reply.Reserved.class);

        assertThat(await(connection.unreserve(key, reserved.token()))).isEqualTo(new Reply.Deleted());

        assertThat(await(connection.add(key, bytes("value"), 0, TTL))).isEqualTo(new Reply.Stored());
        assertThat(await(connection.unreserve(key, reserved.token()))).isEqualTo(new Reply.NotStored());
        assertThat(await(connection.get(key, 0, 0), Reply.Hit.class).data()).isEqualTo(bytes("value"));
    }

    @Test
    void itemThere_reserve_isItsTokenAndChangesNothing() {
        String key = newKey();
        await(connection.set(key, bytes("value"), 7, TTL));
        Reply.Hit before = await(connection.get(key, 0, 0), Reply.Hit.class);

        Reply reserved = await(connection.reserve(key, TTL));

        assertThat(reserved).isEqualTo(new Reply.Reserved(before.token(), false));
        Reply.Hit after = await(connection.get(key, 0, 0), Reply.Hit.class);
        assertThat(after).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void leaseHeldByAnother_reserve_isItsTokenAndTheLeaseStaysWhereItIs() {
        String key = newKey();
        Reply.Miss lease = await(connection.get(key, 30, 0), Reply.Miss.class);

        assertThat(await(connection.reserve(key, TTL))).isEqualTo(new Reply.Reserved(lease.token(), false));

        assertThat(await(connection.get(key, 30, 0))).isEqualTo(new Reply.Miss(Lease.LOST, lease.token()));
        assertThat(await(connection.fill(key, bytes("value"), 0, TTL, lease.token())))
                .isEqualTo(new Reply.Stored());
    }

    @Test
    void reservedAndWrittenByAnother_fill_isNotStored() {
        String key = newKey();
        Reply.Reserved reserved = await(connection.reserve(key, TTL), Reply.Reserved.class);
        await(connection.set(key, bytes("newer"), 0, TTL));
        await(connection.delete(key));

        assertThat(await(connection.fill(key, bytes("value"), 0, TTL, reserved.token())))
                .isEqualTo(new Reply.NotStored());
    }

    @Test
    void someThereSomeNot_getAll_answersInTheOrderOfTheKeys() {
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            asked.add(newKey());
            if (i % 3 == 0) {
                await(connection.set(asked.get(i), bytes("value of " + asked.get(i)), i, TTL));
            }
        }

        List<Reply> replies = await(connection.getAll(asked, 0, 0));

        for (int i = 0; i < asked.size(); i++) {
            if (i % 3 == 0) {
                assertThat(replies.get(i)).isInstanceOf(Reply.Hit.class);
                Reply.Hit hit = (Reply.Hit) replies.get(i);
                assertThat(hit.data()).isEqualTo(bytes("value of " + asked.get(i)));
                assertThat(hit.flags()).isEqualTo(i);
            } else {
                assertThat(replies.get(i)).isEqualTo(new Reply.Miss(Lease.NONE, 0));
            }
        }
        assertThat(connection.inFlight()).isZero();
    }

    @Test
    void absentKeys_getAllWithLease_winsThemOnceAndFillsAreStored() {
        List<String> asked = List.of(newKey(), newKey(), newKey());
        await(connection.set(asked.get(1), bytes("there"), 0, TTL));

        List<Reply> first = await(connection.getAll(asked, 30, 0));
        List<Reply> second = await(connection.getAll(asked, 30, 0));

        Reply.Miss won = (Reply.Miss) first.get(0);
        assertThat(won.lease()).isEqualTo(Lease.WON);
        assertThat(first.get(1)).isInstanceOf(Reply.Hit.class);
        assertThat(second.get(0)).isEqualTo(new Reply.Miss(Lease.LOST, won.token()));
        assertThat(await(connection.fill(asked.get(0), bytes("loaded"), 0, TTL, won.token())))
                .isEqualTo(new Reply.Stored());
    }

    @Test
    void largeValues_getAll_areTheSameBytes() {
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(newKey());
            byte[] data = new byte[300_000];
            new Random(i).nextBytes(data);
            await(connection.set(asked.get(i), data, 0, TTL));
        }

        List<Reply> replies = await(connection.getAll(asked, 0, 0));

        for (int i = 0; i < 30; i++) {
            byte[] data = new byte[300_000];
            new Random(i).nextBytes(data);
            assertThat(((Reply.Hit) replies.get(i)).data()).isEqualTo(data);
        }
    }

    @Test
    void moreThan500Keys_getAll_isRefusedNamingTheBound() {
        List<String> asked = Collections.nCopies(501, "key");

        assertThatThrownBy(() -> connection.getAll(asked, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("500");
        assertThatThrownBy(() -> connection.getAll(List.of("fine", "not fine"), 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(await(connection.getAll(List.of(), 30, 0))).isEmpty();
        assertThat(connection.inFlight()).isZero();
    }

    @Test
    void timeToLiveOfMoreThan30Days_get_isHit() {
        String key = newKey();
        await(connection.set(key, bytes("value"), 0, Duration.ofDays(31)));

        await(connection.get(key, 0, 0), Reply.Hit.class);
    }

    @Test
    void valueJustWithinTheItemLimit_set_isStored() {
        String key = newKey();
        byte[] data = new byte[ITEM_LIMIT_BYTES - OVERHEAD_BYTES - key.length()];

        assertThat(await(connection.set(key, data, 9, TTL))).isEqualTo(new Reply.Stored());
    }

    @Test
    void valueJustOverTheItemLimit_setAndFill_areRefusedUnsent() {
        String key = newKey();
        byte[] data = new byte[ITEM_LIMIT_BYTES - OVERHEAD_BYTES - key.length() + 1];
        Reply tooLarge = new Reply.TooLarge(data.length, ITEM_LIMIT_BYTES);

        // Done at once, so that no answer of the node's can be in it.
        assertThat(connection.set(key, data, 9, TTL)).isCompletedWithValue(tooLarge);
        assertThat(connection.fill(key, data, 9, TTL, 1)).isCompletedWithValue(tooLarge);
    }

    @Test
    void itemLimitToldTooHigh_setsPipelinedPastIt_areTooLargeAndTheConnectionStays() throws IOException {
        List<String> losses = new ArrayList<>();
        NodeConnection mistaken = connect(spoken, losses::add);
        try {
            mistaken.itemLimit(16 << 20);
            List<CompletableFuture<Reply>> refused = new ArrayList<>();
            List<CompletableFuture<Reply>> missed = new ArrayList<>();
            byte[] data = new byte[8 << 20];
            for (int i = 0; i < 4; i++) {
                // The node refuses such a value while it is being written.
                refused.add(mistaken.set(newKey(), data, 0, TTL));
                missed.add(mistaken.get(newKey(), 0, 0));
            }
            for (int i = 0; i < refused.size(); i++) {
                assertThat(await(refused.get(i))).isEqualTo(new Reply.TooLarge(data.length, 16 << 20));
                assertThat(await(missed.get(i))).isEqualTo(new Reply.Miss(Lease.NONE, 0));
            }
            assertThat(mistaken.isAlive()).isTrue();
            assertThat(losses).isEmpty();
            assertThat(mistaken.inFlight()).isZero();
        } finally {
            mistaken.close();
        }
    }

    @Test
    void node_probeVersionAndStats_areAnswered() {
        assertThat(await(connection.probe())).isEqualTo(new Reply.Alive());
        assertThat(await(connection.version(), Reply.Text.class).text()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(await(connection.stats(""), Reply.Statistics.class).values())
                .containsKeys("pid", "uptime", "curr_connections", "max_connections");
        assertThat(await(connection.stats("settings"), Reply.Statistics.class).values())
                .containsEntry("item_size_max", "" + ITEM_LIMIT_BYTES);
    }

    @Test
    void manyOperationsWithoutWaiting_get_eachGetsItsOwnValue() {
        List<CompletableFuture<Reply>> futures = new ArrayList<>();
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String key = newKey();
            stored.add(key);
            futures.add(connection.set(key, bytes("value of " + key), 0, TTL));
        }
        futures.forEach(future -> assertThat(await(future)).isEqualTo(new Reply.Stored()));
        futures.clear();
        stored.forEach(key -> futures.add(connection.get(key, 0, 0)));

        for (int i = 0; i < stored.size(); i++) {
            assertThat(await(futures.get(i), Reply.Hit.class).data()).isEqualTo(bytes("value of " + stored.get(i)));
        }
        assertThat(connection.inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\r\nflush_all", "\u00e9", "tab\t"})
    void keyThatIsNotMemcacheds_get_isRefusedAndNothingIsLeftInFlight(String key) {
        assertThatThrownBy(() -> connection.get(key, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> connection.delete("k".repeat(251))).isInstanceOf(IllegalArgumentException.class);

        assertThat(connection.inFlight()).isZero();
    }

    @Test
    void interruptedCaller_get_isAnsweredAndTheFlagStays() {
        String key = newKey();
        await(connection.set(key, bytes("value"), 0, TTL));

        Thread.currentThread().interrupt();
        CompletableFuture<Reply> future = connection.get(key, 0, 0);

        assertThat(Thread.interrupted()).isTrue();
        await(future, Reply.Hit.class);
    }
}
