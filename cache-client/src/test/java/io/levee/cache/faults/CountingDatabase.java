package io.levee.cache.faults;

import io.levee.cache.CacheLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A source of truth that knows when each key was loaded. Each value names its key and which of the key's loads brought it. */
final class CountingDatabase implements CacheLoader<Integer, String> {
    /** One load, by {@link System#nanoTime}. */
    record Load(long startNanos, long endNanos) {}

    private final Map<Integer, ConcurrentLinkedQueue<Load>> loads = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> versions = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

    @Override
    public String load(Integer key) {
        long startNanos = System.nanoTime();
        total.incrementAndGet();
        int version = versions.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
        loads.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(new Load(startNanos, System.nanoTime()));
        return "value of " + key + ", load " + version;
    }

    static boolean isValueOf(int key, String value) {
        return value != null && value.startsWith("value of " + key + ", load ");
    }

    int loads() {
        return total.get();
    }

    int loadsOf(int key) {
        AtomicInteger version = versions.get(key);
        return version == null ? 0 : version.get();
    }

    int mostLoadsOfAKey() {
        return versions.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
    }

    /** The loads that began before the value of the load before them had been fresh for {@code freshNanos}, in words. */
    List<String> loadsWithin(long freshNanos) {
        List<String> tooEarly = new ArrayList<>();
        loads.forEach((key, ofKey) -> {
            Load before = null;
            for (Load load : ofKey) {
                if (before != null && load.startNanos - before.endNanos < freshNanos) {
                    tooEarly.add("key " + key + " again after " + (load.startNanos - before.endNanos) / 1_000 + " us");
                }
                before = load;
            }
        });
        return tooEarly;
    }
}
