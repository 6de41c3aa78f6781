package io.levee.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Callers that ask one contender for keys as fast as it answers, for a while.
 *
 * <p>A call that takes a microsecond or more is timed alone. One that takes nanoseconds is timed in batches, since to read the
 * clock costs as much as such a call; its percentiles are then those of batch means, and say less about single calls.
 */
final class Run {
    private final Contender contender;
    private final String[] keys;
    private final int callers;
    private final int batch;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch measured = new CountDownLatch(1);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong absent = new AtomicLong();

    Run(Contender contender, String[] keys, int callers, int batch) {
        this.contender = contender;
        this.keys = keys;
        this.callers = callers;
        this.batch = batch;
    }

    /** @throws IllegalStateException if a call brought nothing: then what was timed is not what was meant */
    Figures measure(double seconds, long seed) throws InterruptedException {
        Histogram all = new Histogram(60_000_000_000L, 3);
        CountDownLatch done = new CountDownLatch(callers);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            Thread thread = new Thread(() -> call(random, all, done), "caller-" + i);
            thread.start();
            threads.add(thread);
        }
        long bytesBefore = Allocation.bytes();
        long startNanos = System.nanoTime();
        go.countDown();
        Thread.sleep((long) (seconds * 1_000));
        over.set(true);
        done.await();
        double took = (System.nanoTime() - startNanos) / 1e9;
        // The callers wait until here, so that what they allocated is still on the JVM's books.
        long bytes = Allocation.bytes() - bytesBefore;
        measured.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        if (absent.get() > 0) {
            throw new IllegalStateException(
                    contender.name() + ": " + absent + " of " + calls + " calls brought no value");
        }
        double count = calls.get();
        return new Figures(
                count / took, all.getValueAtPercentile(50), all.getValueAtPercentile(99), bytes / Math.max(1, count));
    }

    private void call(SplittableRandom random, Histogram all, CountDownLatch done) {
        Histogram own = new Histogram(60_000_000_000L, 3);
        long made = 0;
        long missing = 0;
        try {
            go.await();
            while (!over.get()) {
                long start = System.nanoTime();
                for (int i = 0; i < batch; i++) {
                    if (contender.get(keys[random.nextInt(keys.length)]) == null) {
                        missing++;
                    }
                }
                own.recordValue(Math.max(0, (System.nanoTime() - start) / batch));
                made += batch;
            }
            synchronized (all) {
                all.add(own);
            }
            calls.addAndGet(made);
            absent.addAndGet(missing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
        try {
            measured.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
