package io.levee.cache.spring;

import io.levee.cache.ReadThroughCache;

/**
 * A bean that sets, on caches that this application's properties and definitions describe, what neither can. Called once for each
 * such cache, after its settings were applied, in the beans' order. A setting that was applied is given twice, which the builder
 * refuses.
 */
@FunctionalInterface
public interface CacheBuilderCustomizer {
    void customize(String cacheName, ReadThroughCache.Builder<?, ?> builder);
}
