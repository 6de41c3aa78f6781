package io.levee.cache.spring.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.ClassUtils;

/**
 * Where Spring's work goes that must not run on the thread that it is at: what follows an asynchronous answer, which may be the
 * application's method, must not hold a thread of the client; and a write must not hold a thread that Reactor says must not block.
 */
final class CallerThreads implements AutoCloseable {
    private static final int MOST = 64;
    private static final int CLOSE_SECONDS = 2;

    private final ExecutorService answers;
    private final ExecutorService writes;

    CallerThreads() {
        answers = pool(MOST, "levee-spring-answer-");
        // One, so that writes happen in the order in which they were asked for.
        writes = pool(1, "levee-spring-write-");
    }

    /** Runs what follows an answer. */
    Executor answers() {
        return answers;
    }

    /** Runs a write, here if this thread may wait. */
    void write(Runnable write) {
        if (Reactor.isThere() && Reactor.mustNotBlock(Thread.currentThread())) {
            writes.execute(write);
        } else {
            write.run();
        }
    }

    private static ThreadPoolExecutor pool(int most, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Lets what was begun end, for a moment. */
    @Override
    public void close() {
        writes.shutdown();
        answers.shutdown();
        try {
            if (!writes.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
                    || !answers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writes.shutdownNow();
                answers.shutdownNow();
            }
        } catch (InterruptedException e) {
            writes.shutdownNow();
            answers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Loaded only when Reactor is there. */
    private static final class Reactor {
        private static final boolean THERE =
                ClassUtils.isPresent("reactor.core.scheduler.NonBlocking", CallerThreads.class.getClassLoader());

        static boolean isThere() {
            return THERE;
        }

        static boolean mustNotBlock(Thread thread) {
            return thread instanceof reactor.core.scheduler.NonBlocking;
        }
    }
}
