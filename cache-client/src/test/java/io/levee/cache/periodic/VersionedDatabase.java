package io.levee.cache.periodic;

import io.levee.cache.CacheLoader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A source of truth in which each load of a key brings the next version. */
final class VersionedDatabase implements CacheLoader<String, Long> {
    /** For what must happen, soon or late: a busy machine is no failure. */
    static final Duration IN_THE_END = Duration.ofSeconds(20);

    private final Map<String, AtomicInteger> versions = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final long startNanos = System.nanoTime();
    private volatile boolean down;

    @Override
    public Long load(String key) {
        if (down) {
            failures.incrementAndGet();
            throw new IllegalStateException("the database is down");
        }
        return (long) versions.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
    }

    void breakDown() {
        down = true;
    }

    void repair() {
        down = false;
    }

    int failures() {
        return failures.get();
    }

    int loadsOf(String key) {
        AtomicInteger version = versions.get(key);
        return version == null ? 0 : version.get();
    }

    int loads() {
        return versions.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Since it was made. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
