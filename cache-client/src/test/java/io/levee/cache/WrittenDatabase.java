package io.levee.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A source of truth that is written through: its writes of a key have an order, which is that in which they are committed. */
public final class WrittenDatabase implements CacheWriter<String, String>, CacheLoader<String, String> {
    /** A call that has come to a point and does not go on before it may. */
    public static final class Held {
        private final CountDownLatch there = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);

        public Held awaitThere() throws InterruptedException {
            await(there);
            return this;
        }

        public void goOn() {
            mayGoOn.countDown();
        }

        private static void hold(Held held) throws InterruptedException {
            if (held != null) {
                held.there.countDown();
                await(held.mayGoOn);
            }
        }

        private static void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a call was held for too long, or never came so far");
            }
        }
    }

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final Map<String, AtomicReference<Held>> held = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> trouble = new AtomicReference<>();
    private volatile boolean loadsFail;
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    @Override
    public String load(String key) throws InterruptedException {
        if (loadsFail) {
            throw new IllegalStateException("the database is down");
        }
        String value = rows.get(key);
        loads.incrementAndGet();
        holdAt("loaded");
        return value;
    }

    @Override
    public void write(String key, String value) throws Exception {
        writes.incrementAndGet();
        holdAt("writing");
        failIfInTrouble();
        rows.put(key, value);
        holdAt("written");
    }

    @Override
    public void delete(String key) throws Exception {
        writes.incrementAndGet();
        holdAt("writing");
        failIfInTrouble();
        rows.remove(key);
        holdAt("written");
    }

    /** As another program does, of which the cache hears nothing. */
    public void changeTo(String key, String value) {
        rows.put(key, value);
    }

    public String row(String key) {
        return rows.get(key);
    }

    public int loads() {
        return loads.get();
    }

    public int writes() {
        return writes.get();
    }

    /** Every write fails with this; null for no more. */
    public void failWrites(Throwable cause) {
        trouble.set(cause);
    }

    public void failLoads() {
        loadsFail = true;
    }

    public Held holdNextLoad() {
        return holdNext("loaded");
    }

    /** Before it is committed. */
    public Held holdNextWrite() {
        return holdNext("writing");
    }

    public Held holdNextCommitted() {
        return holdNext("written");
    }

    private Held holdNext(String point) {
        Held next = new Held();
        held.computeIfAbsent(point, p -> new AtomicReference<>()).set(next);
        return next;
    }

    private void holdAt(String point) throws InterruptedException {
        AtomicReference<Held> next = held.get(point);
        Held.hold(next == null ? null : next.getAndSet(null));
    }

    private void failIfInTrouble() throws Exception {
        Throwable cause = trouble.get();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause != null) {
            throw (Exception) cause;
        }
    }
}
