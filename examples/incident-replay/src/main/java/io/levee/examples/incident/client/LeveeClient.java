package io.levee.examples.incident.client;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.examples.incident.site.Page;
import io.levee.examples.incident.site.SitePages;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Levee, with its settings as they come: only the freshness is chosen, as for the other clients, the stats pages are kept warm, and their
 * loads are bounded to half of the database's slots.
 */
final class LeveeClient implements SiteCache {
    private final CacheClient client;
    private final ReadThroughCache<Integer, String> projects;
    private final ReadThroughCache<Integer, String> stats;

    LeveeClient(List<InetSocketAddress> nodes, SitePages pages, NodeObserver observer) {
        client = CacheClient.builder()
                .nodes(nodes.stream()
                        .map(node -> node.getAddress().getHostAddress() + ":" + node.getPort())
                        .toArray(String[]::new))
                .listener(new ObservedNodes(observer))
                .build();
        projects = client.cache("projects", Integer.class, String.class)
                .loader(pages::project)
                .expireAfterWrite(pages.projectFresh())
                .build();
        stats = client.cache("stats", Integer.class, String.class)
                .loader(pages::stats)
                .expireAfterWrite(pages.statsFresh())
                .maxConcurrentLoads(4)
                .periodicWriteThrough(
                        pages.refreshPeriod(),
                        IntStream.range(0, pages.weeks()).boxed().toList())
                .build();
    }

    @Override
    public String get(Page page) {
        return cache(page).get(page.number());
    }

    private ReadThroughCache<Integer, String> cache(Page page) {
        return page.isStats() ? stats : projects;
    }

    @Override
    public void close() {
        client.close();
    }
}
