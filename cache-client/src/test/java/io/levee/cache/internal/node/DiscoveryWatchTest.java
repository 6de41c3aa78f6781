package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiscoveryWatchTest {
    private static final NodeAddress A = new NodeAddress("10.0.0.1", 11211, 1);
    private static final NodeAddress B = new NodeAddress("10.0.0.2", 11211, 1);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String THREAD = "levee-watched-discovery";

    private final List<List<NodeAddress>> told = new CopyOnWriteArrayList<>();
    private DiscoveryWatch watch;

    private interface Answer {
        Collection<NodeAddress> nodes(int call) throws Exception;
    }

    @AfterEach
    void closes() {
        watch.close();
        assertThat(isRunning()).isFalse();
    }

    @Test
    void fixedNodes_areKnownAfterStartAndLeaveNoThread() throws Exception {
        start(NodeDiscovery.fixed(List.of(A, B)), LONG);

        assertThat(told).containsExactly(List.of(A, B));
        await().until(() -> !isRunning());
    }

    @Test
    void slowDiscovery_startReturnsWithoutIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        start(
                discovery(Duration.ZERO, call -> {
                    never.await();
                    return List.of(A);
                }),
                Duration.ofMillis(50));

        assertThat(told).isEmpty();
        assertThat(isRunning()).isTrue();
    }

    @Test
    void firstAnswerFails_isAskedAgainEvenWithoutAnInterval() throws Exception {
        start(
                discovery(Duration.ZERO, call -> {
                    if (call == 1) {
                        throw new IOException("no such host");
                    }
                    return List.of(A);
                }),
                LONG);

        assertThat(told)
                .as("start does not wait for more than the first failure")
                .isEmpty();
        await().until(() -> !told.isEmpty());
        await().until(() -> !isRunning());
    }

    @Test
    void answersChange_areToldEachTime() throws Exception {
        start(discovery(Duration.ofMillis(50), call -> call == 1 ? List.of(A) : List.of(A, B)), LONG);

        assertThat(told).first().isEqualTo(List.of(A));
        await().until(() -> told.contains(List.of(A, B)));
    }

    @Test
    void laterAnswersFailOrAreEmpty_tellNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(
                discovery(Duration.ofMillis(50), call -> {
                    calls.set(call);
                    if (call == 2) {
                        throw new IOException("timeout");
                    }
                    return call == 3 ? List.of() : List.of(A);
                }),
                LONG);

        await().until(() -> calls.get() >= 5);
        assertThat(told).isNotEmpty().allMatch(List.of(A)::equals);
        assertThat(told.size()).isBetween(calls.get() - 3, calls.get() - 2);
    }

    @Test
    void discoveryThrowsAnError_isAskedAgain() throws Exception {
        start(
                discovery(Duration.ofMillis(50), call -> {
                    if (call == 2) {
                        throw new NoClassDefFoundError("missing");
                    }
                    return call < 4 ? List.of(A) : List.of(B);
                }),
                LONG);

        await().until(() -> told.contains(List.of(B)));
    }

    private void start(NodeDiscovery discovery, Duration limit) throws InterruptedException {
        watch = new DiscoveryWatch("watched", discovery, nodes -> told.add(List.copyOf(nodes)));
        watch.start(limit);
    }

    private static NodeDiscovery discovery(Duration interval, Answer answer) {
        AtomicInteger calls = new AtomicInteger();
        return new NodeDiscovery() {
            @Override
            public Collection<NodeAddress> nodes() throws Exception {
                return answer.nodes(calls.incrementAndGet());
            }

            @Override
            public Duration refreshInterval() {
                return interval;
            }
        };
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(THREAD));
    }
}
