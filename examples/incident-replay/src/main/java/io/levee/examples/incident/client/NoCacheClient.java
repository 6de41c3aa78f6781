package io.levee.examples.incident.client;

import io.levee.examples.incident.site.Page;
import io.levee.examples.incident.site.SitePages;

/** Every request makes its page. */
final class NoCacheClient implements SiteCache {
    private final SitePages pages;

    NoCacheClient(SitePages pages) {
        this.pages = pages;
    }

    @Override
    public String get(Page page) throws Exception {
        return pages.make(page);
    }

    @Override
    public void refresh(Page page) {
        // There is nothing to keep warm.
    }

    @Override
    public void close() {}
}
