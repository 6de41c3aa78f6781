package io.levee.cache.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallerThreadTest {
    private final Queue<Runnable> handedOver = new ConcurrentLinkedQueue<>();

    @Test
    void steps_runOnTheCallingThread() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread self = Thread.currentThread();

        String result = CallerThread.run(handedOver::add, here -> {
            ForkJoinPool.commonPool().execute(() -> answer.complete("a"));
            return answer.thenApplyAsync(a -> a + (Thread.currentThread() == self), here)
                    .thenApplyAsync(a -> a + (Thread.currentThread() == self), here);
        });

        assertThat(result).isEqualTo("atruetrue");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void resultThatIsThereAtOnce_needsNoStep() throws Exception {
        String result = CallerThread.run(handedOver::add, here -> CompletableFuture.completedFuture("r"));

        assertThat(result).isEqualTo("r");
    }

    @Test
    void flowThatEndsElsewhere_wakesTheCaller() throws Exception {
        CompletableFuture<String> elsewhere = new CompletableFuture<>();
        ForkJoinPool.commonPool().execute(() -> elsewhere.complete("r"));

        String result = CallerThread.run(handedOver::add, here -> elsewhere);

        assertThat(result).isEqualTo("r");
    }

    @Test
    void failure_comesOutAsACompletionException() {
        assertThatThrownBy(() -> CallerThread.run(
                        handedOver::add,
                        here -> CompletableFuture.supplyAsync(
                                () -> {
                                    throw new IllegalStateException("bug");
                                },
                                here)))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("bug");
    }

    @Test
    void callerInterrupted_leavesAndTheStepsGoToTheSuccessor() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        AtomicReference<CompletableFuture<String>> flow = new AtomicReference<>();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> CallerThread.run(handedOver::add, here -> {
                    flow.set(answer.thenApplyAsync(a -> a + "!", here));
                    return flow.get();
                }))
                .isInstanceOf(InterruptedException.class);

        answer.complete("a");
        assertThat(handedOver).hasSize(1);
        handedOver.remove().run();
        assertThat(flow.get()).isCompletedWithValue("a!");
    }

    @Test
    void callerInterrupted_whoIsToldSo_leavesThoughTheInterruptIsTakenAway() {
        AtomicBoolean told = new AtomicBoolean();

        assertThatThrownBy(() -> CallerThread.run(handedOver::add, here -> {
                    assertThat(here.isLeaving()).isFalse();
                    Thread.currentThread().interrupt();
                    told.set(here.isLeaving());
                    assertThat(Thread.interrupted()).isTrue();
                    return new CompletableFuture<>();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(told).isTrue();
    }

    @Test
    void stepsLeftWhenTheResultIsThere_goToTheSuccessor() throws Exception {
        AtomicReference<CallerThread> caller = new AtomicReference<>();
        AtomicBoolean ran = new AtomicBoolean();

        CallerThread.run(handedOver::add, here -> {
            caller.set(here);
            return CompletableFuture.completedFuture("r");
        });
        caller.get().execute(() -> ran.set(true));

        assertThat(ran).isFalse();
        handedOver.remove().run();
        assertThat(ran).isTrue();
    }

    @Test
    void flowInsideAStep_leavesTheOuterItsSteps() throws Exception {
        String result = CallerThread.run(
                handedOver::add,
                outer -> CompletableFuture.supplyAsync(() -> "o", outer)
                        .thenApplyAsync(
                                o -> {
                                    try {
                                        return o
                                                + CallerThread.<String>run(
                                                        handedOver::add,
                                                        inner -> CompletableFuture.supplyAsync(() -> "i", inner));
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                outer)
                        .thenApplyAsync(both -> both + "o", outer));

        assertThat(result).isEqualTo("oio");
    }

    @Test
    void manySteps_fromOtherThreads_areNeverLost() {
        Thread caller = new Thread(() -> {
            for (int i = 0; i < 5_000; i++) {
                try {
                    CompletableFuture<Integer> answer = new CompletableFuture<>();
                    int round = i;
                    int result = CallerThread.run(Runnable::run, here -> {
                        ForkJoinPool.commonPool().execute(() -> answer.complete(round));
                        return answer.thenApplyAsync(a -> a + 1, here);
                    });
                    if (result != i + 1) {
                        return;
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
            handedOver.add(() -> {});
        });
        caller.start();

        await().until(() -> !caller.isAlive());
        assertThat(handedOver).as("came to the end").hasSize(1);
    }
}
