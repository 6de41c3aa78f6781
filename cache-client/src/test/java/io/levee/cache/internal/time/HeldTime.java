package io.levee.cache.internal.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it. */
public final class HeldTime implements TimeSource {
    private static final long START_MILLIS =
            Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();

    private final AtomicLong passedNanos = new AtomicLong();

    public void advance(Duration by) {
        passedNanos.addAndGet(by.toNanos());
    }

    @Override
    public long millis() {
        return START_MILLIS + Duration.ofNanos(passedNanos.get()).toMillis();
    }

    @Override
    public long nanos() {
        return passedNanos.get();
    }
}
