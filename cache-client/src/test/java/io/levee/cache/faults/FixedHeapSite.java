package io.levee.cache.faults;

import io.levee.cache.CacheException;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What {@link MemoryTest} runs in a JVM of its own, with a heap that must do. Says READY, waits for a line, does its work, and
 * says DONE with what it counted. Ends with another code than 0 if the heap did not do or a call ended other than it may.
 */
final class FixedHeapSite {
    private static final int THREADS = 2;
    private static final String VALUE = "v".repeat(100);

    private FixedHeapSite() {}

    /** {@code hung} or {@code dead}, the number of calls, and the node's address. */
    public static void main(String[] arguments) throws Exception {
        boolean hung = arguments[0].equals("hung");
        int calls = Integer.parseInt(arguments[1]);
        try (CacheClient client = CacheClient.builder()
                .nodes(arguments[2])
                .localBytes(16L << 20)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            ReadThroughCache<Integer, String> cache = client.cache("pages", Integer.class, String.class)
                    .loader(key -> {
                        if (hung) {
                            // No database answers at once.
                            LockSupport.parkNanos(1_000_000);
                        }
                        return VALUE;
                    })
                    .expireAfterWrite(Duration.ofMinutes(10))
                    .build();
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("READY " + client.health().status());
            input.readLine();
            if (hung) {
                callWithoutWaiting(cache, calls);
            } else {
                callAndWait(cache, calls);
            }
            System.out.println(cache.stats());
        }
    }

    /** Nobody holds the futures, so that what piles up is the client's alone. */
    private static void callWithoutWaiting(ReadThroughCache<Integer, String> cache, int calls) throws Exception {
        CountDownLatch ended = new CountDownLatch(calls);
        AtomicLong served = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        onThreads(calls, key -> {
            Future<?> unused = cache.getAsync(key).whenComplete((value, failure) -> {
                if (VALUE.equals(value)) {
                    served.incrementAndGet();
                } else if (failure instanceof CacheException) {
                    refused.incrementAndGet();
                }
                ended.countDown();
            });
        });
        ended.await();
        if (served.get() + refused.get() != calls || served.get() == 0) {
            throw new IllegalStateException(served + " served and " + refused + " refused of " + calls);
        }
        System.out.println("DONE " + served + " served, " + refused + " refused");
    }

    private static void callAndWait(ReadThroughCache<Integer, String> cache, int calls) throws Exception {
        long startNanos = System.nanoTime();
        onThreads(calls, key -> {
            if (!VALUE.equals(cache.get(key))) {
                throw new IllegalStateException("another value for " + key);
            }
        });
        System.out.println("DONE " + calls + " calls in "
                + Duration.ofNanos(System.nanoTime() - startNanos).toMillis() + " ms");
    }

    private interface Call {
        void to(int key);
    }

    private static void onThreads(int calls, Call call) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            threads.add(new Thread(() -> {
                try {
                    for (int key = first; key < calls; key += THREADS) {
                        call.to(key);
                    }
                } catch (RuntimeException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.get(0));
        }
    }
}
