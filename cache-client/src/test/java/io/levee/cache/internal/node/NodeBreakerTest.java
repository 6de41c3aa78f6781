package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodeBreakerTest {
    private static final Reply SUCCESS = new Reply.Stored();
    private static final Reply TIMEOUT = new Unavailable(Reason.TIMEOUT, "no answer");

    private final List<String> openings = new CopyOnWriteArrayList<>();
    private final NodeBreaker breaker = new NodeBreaker(new BreakerPolicy(8, 50), openings::add);

    static Stream<Reply> answers() {
        return Stream.of(
                new Reply.Hit(new byte[0], 0, 1, Reply.Lease.NONE, false),
                new Reply.Miss(Reply.Lease.NONE, 0),
                new Reply.Stored(),
                new Reply.NotStored(),
                new Reply.TooLarge(2, 1),
                new Reply.Deleted(),
                new Reply.Alive());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answer_countsAsSuccess(Reply answer) {
        tell(answer, 5);
        tell(TIMEOUT, 3);
        assertThat(openings).isEmpty();
        assertThat(breaker.isProven()).isFalse();

        tell(answer, 3);

        assertThat(breaker.isProven()).isTrue();
        assertThat(openings).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "REFUSED"})
    void windowOfFailures_opensOnceAndNamesThem(Reason reason) {
        tell(new Unavailable(reason, "SERVER_ERROR out of memory"), 7);
        assertThat(openings).isEmpty();

        tell(new Unavailable(reason, "SERVER_ERROR out of memory"), 20);

        assertThat(openings)
                .containsExactly(
                        reason == Reason.TIMEOUT
                                ? "timeout: 4 or more of the last 8 operations failed"
                                : "refused (SERVER_ERROR out of memory): 4 or more of the last 8 operations failed");
    }

    @ParameterizedTest
    @EnumSource(names = {"SHED", "CLOSED", "DISCONNECTED"})
    void whatSaysNothingOfTheNode_countsAsNothing(Reason reason) {
        tell(new Unavailable(reason, ""), 100);
        assertThat(openings).isEmpty();
        assertThat(breaker.isProven()).isFalse();

        tell(TIMEOUT, 7);
        assertThat(openings).as("the window must hold the timeouts alone").isEmpty();
        tell(TIMEOUT, 1);
        assertThat(openings).hasSize(1);
    }

    @Test
    void healthyForLong_opensAtTheRateAsIfEverySuccessWereRecorded() {
        tell(SUCCESS, 100_000);

        tell(TIMEOUT, 3);
        assertThat(openings).isEmpty();
        tell(TIMEOUT, 1);

        assertThat(openings).containsExactly("timeout: 4 or more of the last 8 operations failed");
    }

    @Test
    void failuresThatLeftTheWindow_countNoMore() {
        for (int round = 0; round < 50; round++) {
            tell(TIMEOUT, 3);
            tell(SUCCESS, 8);
        }

        assertThat(openings).isEmpty();
    }

    @Test
    void successThatCompletesABadFirstWindow_opensWithTheFailuresReason() {
        tell(TIMEOUT, 4);
        tell(SUCCESS, 3);
        assertThat(openings).isEmpty();

        tell(SUCCESS, 1);

        assertThat(openings).containsExactly("timeout: 4 or more of the last 8 operations failed");
    }

    @Test
    void exceptionalFuture_countsAsFailure() {
        for (int i = 0; i < 8; i++) {
            breaker.accept(null, new IllegalStateException("broken"));
        }

        assertThat(openings).hasSize(1);
        assertThat(openings.get(0)).contains("broken");
    }

    @Test
    void manyThreadsFail_opensOnce() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                    awaitQuietly(go);
                    tell(TIMEOUT, 1_000);
                }))
                .limit(8)
                .toList();
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(openings).hasSize(1);
    }

    @Test
    void wideWindow_isProvenByEightSuccesses() {
        NodeBreaker wide = new NodeBreaker(new BreakerPolicy(10_000, 50), openings::add);
        for (int i = 0; i < 7; i++) {
            wide.accept(SUCCESS, null);
        }
        assertThat(wide.isProven()).isFalse();

        wide.accept(SUCCESS, null);

        assertThat(wide.isProven()).isTrue();
    }

    private void tell(Reply reply, int times) {
        for (int i = 0; i < times; i++) {
            breaker.accept(reply, null);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
