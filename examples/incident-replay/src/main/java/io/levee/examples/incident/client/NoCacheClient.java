package io.levee.examples.incident.client;

import io.levee.examples.incident.site.Page;
import io.levee.examples.incident.site.SitePages;

/** Every request makes its page, so that there is nothing to keep warm. */
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
    public void close() {}
}
