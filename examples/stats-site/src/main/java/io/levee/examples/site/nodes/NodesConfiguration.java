package io.levee.examples.site.nodes;

import io.levee.cache.spring.autoconfigure.LeveeConnectionDetails;
import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.site.SiteProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts memcached nodes of the site's own, and tells Levee where they are. With {@code site.own-nodes=false} there are none. */
@Configuration(proxyBeanMethods = false)
class NodesConfiguration {
    @Bean
    @ConditionalOnBooleanProperty(name = "site.own-nodes", matchIfMissing = true)
    NodeProcesses nodeProcesses(SiteProperties properties) {
        return new NodeProcesses(MemcachedBinary.find(), properties.nodes());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "site.own-nodes", matchIfMissing = true)
    LeveeConnectionDetails ownNodes(NodeProcesses processes) {
        return processes::addresses;
    }
}
