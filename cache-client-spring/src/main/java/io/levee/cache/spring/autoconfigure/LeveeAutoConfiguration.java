package io.levee.cache.spring.autoconfigure;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.OutagePolicy;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.Codec;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.spring.CacheBuilderCustomizer;
import io.levee.cache.spring.CacheClientBuilderCustomizer;
import io.levee.cache.spring.LeveeCaches;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/** The client, and the caches that are defined by beans. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "levee.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LeveeProperties.class)
@ImportRuntimeHints({ClientHints.class, CacheBeans.Hints.class})
public final class LeveeAutoConfiguration {

    /**
     * Closed when the context is: after all lifecycle beans have stopped, the web server and schedulers among them, and after the beans
     * that were given a cache.
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    CacheClient leveeCacheClient(
            LeveeProperties properties,
            Environment environment,
            ObjectProvider<LeveeConnectionDetails> connections,
            ObjectProvider<NodeDiscovery> discovery,
            ObjectProvider<Codec<?>> codec,
            ObjectProvider<BreakerPolicy> breaker,
            ObjectProvider<OutagePolicy> outage,
            ObjectProvider<CacheListener> listeners,
            ObjectProvider<CacheClientBuilderCustomizer> customizers) {
        return new ClientAssembly(
                        properties,
                        connections.orderedStream().toList(),
                        Threading.VIRTUAL.isActive(environment),
                        Optional.ofNullable(discovery.getIfAvailable()),
                        Optional.ofNullable(codec.getIfUnique()),
                        Optional.ofNullable(breaker.getIfAvailable()),
                        Optional.ofNullable(outage.getIfAvailable()),
                        listeners.orderedStream().toList(),
                        customizers.orderedStream().toList())
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    LeveeCaches leveeCaches(
            CacheClient client, LeveeProperties properties, ObjectProvider<CacheBuilderCustomizer> customizers) {
        return new LeveeCaches(
                client,
                properties.defaults(),
                properties.caches(),
                customizers.orderedStream().toList());
    }

    @Bean
    LeveeLifecycle leveeLifecycle(CacheClient client) {
        return new LeveeLifecycle(client);
    }

    @Bean
    static CacheBeans leveeCacheBeans(Environment environment) {
        return new CacheBeans(environment);
    }
}
