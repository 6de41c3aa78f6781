package io.levee.cache.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WakefulThreadTest {
    private static final long FAR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final AtomicReference<WakefulThread> self = new AtomicReference<>();
    private final CompletableFuture<Object> result = new CompletableFuture<>();

    private interface Work {
        Object run(WakefulThread thread) throws Exception;
    }

    @AfterEach
    void ends() {
        self.get().close();
        await().until(() -> !self.get().isRunning());
    }

    @Test
    void woken_looksAtItsConditionAgain() {
        AtomicBoolean condition = new AtomicBoolean();
        CountDownLatch looked = new CountDownLatch(1);
        run(thread -> {
            thread.await(
                    () -> {
                        looked.countDown();
                        return condition.get();
                    },
                    far());
            return "done";
        });
        awaitQuietly(looked);

        condition.set(true);
        self.get().wake();

        assertThat(result.join()).isEqualTo("done");
    }

    @Test
    void futureCompletes_isReturnedDone() {
        CompletableFuture<String> future = new CompletableFuture<>();
        CountDownLatch looked = new CountDownLatch(1);
        run(thread -> thread.await(
                future,
                () -> {
                    looked.countDown();
                    return false;
                },
                far()));
        awaitQuietly(looked);

        future.complete("answer");

        assertThat(result.join()).isEqualTo(true);
    }

    @Test
    void timeIsOver_returnsUndone() {
        run(thread -> thread.await(new CompletableFuture<>(), () -> false, System.nanoTime() + 1));

        assertThat(result.join()).isEqualTo(false);
    }

    @Test
    void interruptedByOthers_goesOnAndMayWaitAgain() {
        run(thread -> {
            Thread.currentThread().interrupt();
            thread.await(() -> false, System.nanoTime() + 1);
            return Thread.currentThread().isInterrupted();
        });

        assertThat(result.join())
                .as("an interrupt that stays would keep it from parking")
                .isEqualTo(false);
    }

    @Test
    void closedWhileItWaits_ends() {
        CountDownLatch looked = new CountDownLatch(1);
        run(thread -> {
            thread.await(
                    () -> {
                        looked.countDown();
                        return false;
                    },
                    far());
            return "went on";
        });
        awaitQuietly(looked);

        self.get().close();

        await().until(() -> !self.get().isRunning());
        assertThat(result).isNotDone();
    }

    @Test
    void closedAndTheInterruptSwallowed_ends() {
        CountDownLatch closed = new CountDownLatch(1);
        run(thread -> {
            awaitQuietly(closed);
            boolean swallowed = Thread.interrupted();
            thread.await(() -> false, far());
            return "went on, swallowed " + swallowed;
        });

        self.get().close();
        closed.countDown();

        await().until(() -> !self.get().isRunning());
        assertThat(result).isNotDone();
    }

    private void run(Work work) {
        WakefulThread thread = new WakefulThread("wakeful", () -> {
            try {
                result.complete(work.run(self.get()));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        self.set(thread);
        thread.start();
    }

    private static long far() {
        return System.nanoTime() + FAR_NANOS;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
