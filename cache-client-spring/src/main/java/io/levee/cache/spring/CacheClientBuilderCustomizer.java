package io.levee.cache.spring;

import io.levee.cache.client.CacheClient;

/**
 * A bean that sets what no {@code levee.*} property can. Called once, after the properties were applied, in the beans' order. A setting
 * that a property sets too is given twice, which the builder refuses.
 */
@FunctionalInterface
public interface CacheClientBuilderCustomizer {
    void customize(CacheClient.Builder builder);
}
