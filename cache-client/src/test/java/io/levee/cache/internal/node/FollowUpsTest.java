package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.transport.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FollowUpsTest {
    private static final Reply STORED = new Reply.Stored();
    private static final int MANY = 20 * FollowUps.AT_ONCE;
    private static final int DATA_BYTES = 100;

    private final FollowUps followUps = new FollowUps();
    private final List<CompletableFuture<Reply>> sent = new ArrayList<>();
    private final List<CompletableFuture<Reply>> replies = new ArrayList<>();

    private void send(int dataBytes) {
        replies.add(followUps.send(dataBytes, () -> {
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            sent.add(answer);
            return answer;
        }));
    }

    private void sendMany() {
        IntStream.range(0, MANY).forEach(i -> send(DATA_BYTES));
    }

    @Test
    void moreThanAreSentAtOnce_waitUntilOthersAreAnswered() {
        sendMany();
        assertThat(sent).hasSize(FollowUps.AT_ONCE);

        sent.get(7).complete(STORED);

        assertThat(sent).hasSize(FollowUps.AT_ONCE + 1);
        sent.get(FollowUps.AT_ONCE).complete(STORED);
        assertThat(replies.get(7)).isCompletedWithValue(STORED);
        assertThat(replies.get(FollowUps.AT_ONCE)).isCompletedWithValue(STORED);
        assertThat(replies.get(8)).isNotDone();
    }

    @Test
    void operationsThatEndAtOnce_areSentOneAfterAnother() {
        sendMany();
        List<CompletableFuture<Reply>> endAtOnce = IntStream.range(0, MANY)
                .mapToObj(i -> followUps.send(0, () -> CompletableFuture.completedFuture(STORED)))
                .toList();

        // Each answer lets one in, and the last one all that need no answer: a call within a call for each would not
        // end.
        for (int i = 0; i < MANY; i++) {
            sent.get(i).complete(STORED);
        }

        assertThat(replies).allMatch(CompletableFuture::isDone);
        assertThat(endAtOnce).allMatch(CompletableFuture::isDone);
    }

    @Test
    void operationThatFails_failsAloneAndLeavesItsPlace() {
        List<CompletableFuture<Reply>> failed = IntStream.range(0, MANY)
                .mapToObj(i -> followUps.send(0, () -> {
                    throw new IllegalStateException("a bug");
                }))
                .toList();

        assertThat(failed).allMatch(CompletableFuture::isCompletedExceptionally);
        send(DATA_BYTES);
        assertThat(sent).hasSize(1);
    }

    @Test
    void moreBytesThanMayWait_areSentAtOnce() {
        sendMany();
        int large = (int) (FollowUps.MOST_WAITING_BYTES / 2);

        send(large);
        assertThat(sent).hasSize(FollowUps.AT_ONCE);
        send(large);

        assertThat(sent).hasSize(FollowUps.AT_ONCE + 1);
    }

    @Test
    void whatHasLeftTheLine_makesRoomForOthers() {
        int large = (int) (FollowUps.MOST_WAITING_BYTES - 1000);
        IntStream.range(0, FollowUps.AT_ONCE).forEach(i -> send(0));
        send(large);
        sent.get(0).complete(STORED);
        assertThat(sent).hasSize(FollowUps.AT_ONCE + 1);

        send(large);

        assertThat(sent).hasSize(FollowUps.AT_ONCE + 1);
    }
}
