package io.levee.cache.spring.autoconfigure;

import io.levee.cache.client.CacheClient;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.actuate.LeveeEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code levee}, if it is exposed. */
@AutoConfiguration(after = LeveeAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({CacheClient.class, LeveeCaches.class})
@ConditionalOnAvailableEndpoint(LeveeEndpoint.class)
public final class LeveeEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    LeveeEndpoint leveeEndpoint(CacheClient client, LeveeCaches caches) {
        return new LeveeEndpoint(client, caches);
    }
}
