package io.levee.cache.faults;

import io.levee.cache.CacheLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A source of truth that changes. A load brings the version that stands when it begins, however late it ends. */
final class ChangingDatabase implements CacheLoader<Integer, String> {
    /** A load that has read its value and does not end before it may. */
    static final class HeldLoad {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        void awaitBegun() throws InterruptedException {
            await(begun);
        }

        void end() {
            mayEnd.countDown();
        }

        private void hold() throws InterruptedException {
            begun.countDown();
            await(mayEnd);
        }

        private static void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a load was held for too long, or never began");
            }
        }
    }

    private final Map<Integer, AtomicInteger> loads = new ConcurrentHashMap<>();
    private final AtomicReference<HeldLoad> held = new AtomicReference<>();
    private volatile String version = "v1";

    @Override
    public String load(Integer key) throws InterruptedException {
        String value = value(version, key);
        loads.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
        HeldLoad load = held.getAndSet(null);
        if (load != null) {
            load.hold();
        }
        return value;
    }

    static String value(String version, int key) {
        return version + " of " + key;
    }

    void changeTo(String newVersion) {
        version = newVersion;
    }

    HeldLoad holdNextLoad() {
        HeldLoad load = new HeldLoad();
        held.set(load);
        return load;
    }

    int loadsOf(int key) {
        AtomicInteger ofKey = loads.get(key);
        return ofKey == null ? 0 : ofKey.get();
    }

    int loads() {
        return loads.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    int mostLoadsOfAKey() {
        return loads.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
    }
}
