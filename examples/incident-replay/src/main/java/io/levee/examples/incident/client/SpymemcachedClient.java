package io.levee.examples.incident.client;

import io.levee.examples.incident.site.Page;
import io.levee.examples.incident.site.SitePages;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionFactoryBuilder.Locator;
import net.spy.memcached.DefaultHashAlgorithm;
import net.spy.memcached.MemcachedClient;

/**
 * A plain cache-aside loop over spymemcached, as most people write it: get; if there is nothing, or the cache failed, ask the
 * database and set. Ketama placement; everything else as spymemcached has it by default, unless a timeout is given.
 */
final class SpymemcachedClient implements SiteCache {
    private final MemcachedClient memcached;
    private final SitePages pages;
    private final StatsRefresher refresher;

    SpymemcachedClient(List<InetSocketAddress> nodes, SitePages pages, Duration operationTimeout) throws IOException {
        ConnectionFactoryBuilder settings = new ConnectionFactoryBuilder()
                .setLocatorType(Locator.CONSISTENT)
                .setHashAlg(DefaultHashAlgorithm.KETAMA_HASH)
                .setDaemon(true);
        if (operationTimeout != null) {
            settings.setOpTimeout(operationTimeout.toMillis());
        }
        this.memcached = new MemcachedClient(settings.build(), nodes);
        this.pages = pages;
        this.refresher = new StatsRefresher(pages, page -> set(key(page), page, pages.make(page)));
        refresher.start();
    }

    @Override
    public String get(Page page) throws Exception {
        String key = key(page);
        try {
            Object cached = memcached.get(key);
            if (cached != null) {
                return (String) cached;
            }
        } catch (RuntimeException e) {
            // A cache that fails is taken for a cache that has nothing.
        }
        String made = pages.make(page);
        set(key, page, made);
        return made;
    }

    private void set(String key, Page page, String value) {
        Duration fresh = page.isStats() ? pages.statsFresh() : pages.projectFresh();
        try {
            var unused = memcached.set(key, (int) Math.max(1, fresh.toSeconds()), value);
        } catch (RuntimeException e) {
            // The next request will ask the database again.
        }
    }

    private static String key(Page page) {
        return (page.isStats() ? "stats:" : "project:") + page.number();
    }

    @Override
    public void close() {
        refresher.close();
        memcached.shutdown(0, TimeUnit.SECONDS);
    }
}
