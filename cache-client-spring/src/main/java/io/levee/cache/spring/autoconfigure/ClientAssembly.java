package io.levee.cache.spring.autoconfigure;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.OutagePolicy;
import io.levee.cache.client.CacheClient;
import io.levee.cache.codec.Codec;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.spring.CacheClientBuilderCustomizer;
import io.levee.cache.spring.LeveeConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Builds the client from the properties and the beans.
 *
 * @param virtualThreads whether the application uses virtual threads
 * @param connections have precedence over all else that says where the nodes are
 * @param breaker has precedence over the properties
 * @param outage has precedence over the properties
 */
record ClientAssembly(
        LeveeProperties properties,
        List<LeveeConnectionDetails> connections,
        boolean virtualThreads,
        Optional<NodeDiscovery> discovery,
        Optional<Codec<?>> codec,
        Optional<BreakerPolicy> breaker,
        Optional<OutagePolicy> outage,
        List<CacheListener> listeners,
        List<CacheClientBuilderCustomizer> customizers) {

    /** Returns even if every node is down. */
    CacheClient build() {
        CacheClient.Builder builder = CacheClient.builder();
        nodes(builder);
        if (properties.name() != null) {
            set("levee.name", properties.name(), builder::name);
        }
        if (properties.keyPrefix() != null) {
            set("levee.key-prefix", properties.keyPrefix(), builder::keyPrefix);
        }
        set("levee.operation-timeout", properties.operationTimeout(), builder::operationTimeout);
        set("levee.connect-timeout", properties.connectTimeout(), builder::connectTimeout);
        reconnectBackoff(builder);
        builder.breaker(breaker.orElseGet(this::breakerPolicy));
        builder.outage(outage.orElseGet(this::outagePolicy));
        set("levee.local-bytes", properties.localBytes().toBytes(), builder::localBytes);
        set("levee.probe-interval", properties.probeInterval(), builder::probeInterval);
        boolean virtual =
                properties.virtualLoaderThreads() != null ? properties.virtualLoaderThreads() : virtualThreads;
        set("levee.virtual-loader-threads", virtual, builder::virtualLoaderThreads);
        codec.ifPresent(builder::codec);
        listeners.forEach(builder::listener);
        customizers.forEach(customizer -> customizer.customize(builder));
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            // A customizer might have named nodes, and did not. Nothing else can be missing.
            throw noNodes(e);
        }
    }

    private static LeveeConfigurationException noNodes(IllegalArgumentException cause) {
        return new LeveeConfigurationException(
                "levee.nodes",
                "There are no memcached nodes: levee.nodes is not set, and there is no bean of type NodeDiscovery.",
                "Write levee.nodes=host1:11211,host2:11211, or levee.enabled=false to do without Levee.",
                cause);
    }

    private void nodes(CacheClient.Builder builder) {
        if (!connections.isEmpty()) {
            builder.nodes(connections.stream()
                    .flatMap(connection -> connection.nodes().stream())
                    .distinct()
                    .toArray(String[]::new));
            return;
        }
        boolean named = !properties.nodes().isEmpty();
        if (named && discovery.isPresent()) {
            throw new LeveeConfigurationException(
                    "levee.nodes",
                    "levee.nodes names nodes, and there is a bean of type NodeDiscovery too.",
                    "Remove one of them.",
                    null);
        }
        if (!named && discovery.isEmpty() && customizers.isEmpty()) {
            throw noNodes(null);
        }
        if (named) {
            try {
                builder.nodes(properties.nodes().toArray(String[]::new));
            } catch (IllegalArgumentException e) {
                throw new LeveeConfigurationException(
                        "levee.nodes",
                        "levee.nodes is refused: " + e.getMessage() + ".",
                        "Write levee.nodes=host1:11211,host2:11211, without a scheme, and commas between nodes.",
                        e);
            }
        }
        discovery.ifPresent(builder::discovery);
    }

    private void reconnectBackoff(CacheClient.Builder builder) {
        LeveeProperties.ReconnectBackoff backoff = properties.reconnectBackoff();
        try {
            builder.reconnectBackoff(backoff.first(), backoff.max());
        } catch (IllegalArgumentException e) {
            String leaf = e.getMessage().contains("reconnectBackoff first") ? "first" : "max";
            throw LeveeConfigurationException.refused("levee.reconnect-backoff." + leaf, e);
        }
    }

    private BreakerPolicy breakerPolicy() {
        LeveeProperties.Breaker wanted = properties.breaker();
        try {
            return new BreakerPolicy(wanted.window(), wanted.failureRatePercent());
        } catch (IllegalArgumentException e) {
            String leaf = e.getMessage().contains("window") ? "window" : "failure-rate-percent";
            throw LeveeConfigurationException.refused("levee.breaker." + leaf, e);
        }
    }

    private OutagePolicy outagePolicy() {
        if (properties.outage().mode() == LeveeProperties.Outage.Mode.MISS) {
            return OutagePolicy.miss();
        }
        try {
            return OutagePolicy.gutter(properties.outage().gutterTtl());
        } catch (IllegalArgumentException e) {
            throw LeveeConfigurationException.refused("levee.outage.gutter-ttl", e);
        }
    }

    private static <T> void set(String property, T value, Consumer<T> setting) {
        try {
            setting.accept(value);
        } catch (IllegalArgumentException e) {
            throw LeveeConfigurationException.refused(property, e);
        }
    }
}
