package io.levee.examples.benchmarks;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import java.time.Duration;

/** Levee, with a cache that never has to load once it is filled. */
final class LeveeContender implements Contender {
    private final String name;
    private final CacheClient client;
    private final ReadThroughCache<String, String> cache;

    private LeveeContender(String name, CacheClient client, ReadThroughCache<String, String> cache) {
        this.name = name;
        this.client = client;
        this.cache = cache;
    }

    /** Every call asks memcached. */
    static LeveeContender memcached(String name, String[] nodes, long localBytes) {
        CacheClient client = client(nodes, localBytes);
        return new LeveeContender(name, client, cache(client, Duration.ZERO));
    }

    /** Every call is answered by this process. */
    static LeveeContender near(String name, String[] nodes) {
        CacheClient client = client(nodes, 256L * 1024 * 1024);
        return new LeveeContender(name, client, cache(client, Duration.ofHours(1)));
    }

    private static CacheClient client(String[] nodes, long localBytes) {
        return CacheClient.builder()
                .nodes(nodes)
                .operationTimeout(Duration.ofSeconds(5))
                .localBytes(localBytes)
                .build();
    }

    private static ReadThroughCache<String, String> cache(CacheClient client, Duration near) {
        ReadThroughCache.Builder<String, String> builder = client.cache("pages", String.class, String.class)
                .loader(key -> null)
                .expireAfterWrite(Duration.ofHours(1));
        return near.isZero() ? builder.build() : builder.nearCache(near).build();
    }

    void fill(String[] keys, String value) {
        for (String key : keys) {
            cache.put(key, value);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Object get(String key) {
        return cache.get(key);
    }

    @Override
    public void close() {
        client.close();
    }
}
