package io.levee.examples.incident.client;

import io.levee.examples.incident.site.Page;
import io.levee.examples.incident.site.SitePages;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the stats pages warm as people write it where the cache does not: a schedule that makes each anew once a period, evenly spread,
 * one at a time, whether or not it is visited.
 */
final class StatsRefresher implements AutoCloseable {
    private final Refresh refresh;
    private final int weeks;
    private final ScheduledExecutorService schedule;
    private final long nanosBetween;
    private int next;

    /** Makes a page and caches it. */
    interface Refresh {
        void refresh(Page page) throws Exception;
    }

    StatsRefresher(SitePages pages, Refresh refresh) {
        this.refresh = refresh;
        this.weeks = pages.weeks();
        schedule = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stats-refresher");
            thread.setDaemon(true);
            return thread;
        });
        nanosBetween = pages.refreshPeriod().toNanos() / weeks;
    }

    void start() {
        // With a fixed delay instead, a slow database would make every period longer.
        var unused = schedule.scheduleAtFixedRate(this::refreshNext, 0, nanosBetween, TimeUnit.NANOSECONDS);
    }

    private void refreshNext() {
        Page page = Page.stats(next);
        next = (next + 1) % weeks;
        try {
            refresh.refresh(page);
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
