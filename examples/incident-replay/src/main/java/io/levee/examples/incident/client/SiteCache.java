package io.levee.examples.incident.client;

import io.levee.examples.incident.site.Page;

/** How the site gets a page: through one of the clients compared. It keeps the stats pages warm, in its own way. Thread-safe. */
public interface SiteCache extends AutoCloseable {
    /** The page, from the cache or made. */
    String get(Page page) throws Exception;

    @Override
    void close();
}
