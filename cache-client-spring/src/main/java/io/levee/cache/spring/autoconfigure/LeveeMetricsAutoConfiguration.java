package io.levee.cache.spring.autoconfigure;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.CacheClientMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The meters, if the application has a registry. Spring Boot binds them, as it does with every {@code MeterBinder}.
 *
 * <p>Spring Boot itself binds nothing for Levee's caches, as it has no {@code CacheMeterBinderProvider} for them: a cache that no {@code
 * CacheManager} knows, or that is made later, would have no meters, and the others would have them twice.
 */
@AutoConfiguration(
        after = LeveeAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({CacheClient.class, MeterRegistry.class})
public final class LeveeMetricsAutoConfiguration {

    /** Spring Boot's own cache meters have these tags too; some registries refuse a meter of the same name with others. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    CacheClientMetrics leveeClientMetrics(CacheClient client) {
        return new CacheClientMetrics(client, Tags.empty(), cache -> Tags.of("cache.manager", "levee", "name", cache));
    }
}
