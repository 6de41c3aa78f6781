package io.levee.cache.spring.autoconfigure;

import io.levee.cache.client.CacheClient;
import io.levee.cache.spring.actuate.MemcachedHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health contributor {@code memcached}, unless {@code management.health.memcached.enabled} is false. */
@AutoConfiguration(after = LeveeAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(CacheClient.class)
@ConditionalOnEnabledHealthIndicator("memcached")
public final class MemcachedHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"memcachedHealthIndicator", "memcachedHealthContributor"})
    MemcachedHealthIndicator memcachedHealthIndicator(CacheClient client) {
        return new MemcachedHealthIndicator(client);
    }
}
