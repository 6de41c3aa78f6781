package io.levee.cache.internal.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levee.cache.internal.thread.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadPermitsTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final Timer timer = new Timer("permits");
    private final LoadPermits permits = new LoadPermits("c", 2, timer);

    @AfterEach
    void stop() {
        timer.close();
    }

    private void takeAll() {
        for (int i = 0; i < permits.bound(); i++) {
            assertThat(permits.acquire(0).join()).isTrue();
        }
    }

    @Test
    void acquire_upToTheBound_isGrantedAtOnce() {
        takeAll();
        assertThat(permits.running()).isEqualTo(2);
        assertThat(permits.acquire(0).join()).isFalse();
    }

    @Test
    void release_withALine_admitsTheFirst() {
        takeAll();
        CompletableFuture<Boolean> first = permits.acquire(LONG);
        CompletableFuture<Boolean> second = permits.acquire(LONG);

        permits.release();

        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isNotDone();
        assertThat(permits.running()).isEqualTo(2);
    }

    @Test
    void room_withAFreePermit_isToldAtOnceAndTakesNone() {
        assertThat(permits.room()).isCompleted();
        assertThat(permits.running()).isZero();
    }

    @Test
    void room_withoutAFreePermit_isToldAfterThoseInLine() {
        takeAll();
        CompletableFuture<Void> modest = permits.room();
        CompletableFuture<Boolean> caller = permits.acquire(LONG);

        permits.release();
        assertThat(caller).isCompletedWithValue(true);
        assertThat(modest).isNotDone();

        permits.release();
        assertThat(modest).isCompleted();
    }

    @Test
    void room_notUsed_isPassedOnToTheNext() {
        takeAll();
        CompletableFuture<Void> first = permits.room();
        CompletableFuture<Void> second = permits.room();

        permits.release();
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();

        permits.passRoomOn();
        assertThat(second).isCompleted();
    }

    @Test
    void close_tellsThoseWhoWaitForRoom() {
        takeAll();
        CompletableFuture<Void> modest = permits.room();

        permits.close();

        assertThat(modest).isCompleted();
        assertThat(permits.room()).isCompleted();
    }

    @Test
    void release_onAnInterruptedThread_admitsTheFirstAndKeepsTheFlag() {
        takeAll();
        CompletableFuture<Boolean> first = permits.acquire(LONG);

        Thread.currentThread().interrupt();
        permits.release();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(first).isCompletedWithValue(true);
    }

    @Test
    void acquire_onAnInterruptedThread_isGranted() {
        Thread.currentThread().interrupt();
        CompletableFuture<Boolean> granted = permits.acquire(0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(granted).isCompletedWithValue(true);
    }

    @Test
    void acquire_thatGivesUp_takesNoPermit() {
        takeAll();
        CompletableFuture<Boolean> impatient = permits.acquire(1_000_000);
        CompletableFuture<Boolean> patient = permits.acquire(LONG);
        await().until(impatient::isDone);
        assertThat(impatient).isCompletedWithValue(false);

        permits.release();

        assertThat(patient).isCompletedWithValue(true);
        assertThat(permits.running()).isEqualTo(2);
    }

    @Test
    void close_endsTheLineAndLaterCalls() {
        takeAll();
        CompletableFuture<Boolean> waiting = permits.acquire(LONG);

        permits.close();

        assertThat(waiting).isCompletedWithValue(false);
        assertThat(permits.acquire(LONG)).isCompletedWithValue(false);
    }

    @Test
    void permits_underContention_areNeitherLostNorMade() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int round = 0; round < 5_000; round++) {
                    long wait = round % 3 == 0 ? ThreadLocalRandom.current().nextInt(20_000) : LONG;
                    if (permits.acquire(wait).join()) {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        running.decrementAndGet();
                        permits.release();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).as("waits beside a free permit").isFalse();
        }

        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(permits.running()).isZero();
        takeAll();
    }
}
