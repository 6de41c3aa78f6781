package io.levee.examples.incident.site;

import io.levee.examples.incident.client.SiteCache;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Keeps the stats pages warm: makes each anew once a period, evenly spread, one at a time, whether or not it is visited. */
public final class StatsRefresher implements AutoCloseable {
    private final SiteCache cache;
    private final int weeks;
    private final ScheduledExecutorService schedule;
    private final long nanosBetween;
    private int next;

    public StatsRefresher(SiteCache cache, int weeks, Duration period) {
        this.cache = cache;
        this.weeks = weeks;
        schedule = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stats-refresher");
            thread.setDaemon(true);
            return thread;
        });
        nanosBetween = period.toNanos() / weeks;
    }

    public void start() {
        // With a fixed delay instead, a slow database would make every period longer.
        var unused = schedule.scheduleAtFixedRate(this::refreshNext, 0, nanosBetween, TimeUnit.NANOSECONDS);
    }

    private void refreshNext() {
        Page page = Page.stats(next);
        next = (next + 1) % weeks;
        try {
            cache.refresh(page);
        } catch (Exception e) {
            // The page keeps its old value until its next turn, and the visitors' own errors are counted where they
            // meet them.
        }
    }

    @Override
    public void close() {
        // Not interrupted: a refresh under way ends by itself, and a query that is cut short can harm the others.
        schedule.shutdown();
    }
}
