package io.levee.cache.client;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.OutagePolicy;
import io.levee.cache.codec.Codec;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.List;

/**
 * The settings of one client, checked and complete. Immutable. {@link CacheClient.Builder} says what each one means.
 *
 * @param codec null for the shipped ones
 */
public record ClientSettings(
        String name,
        NodeDiscovery discovery,
        String keyPrefix,
        Duration operationTimeout,
        Duration connectTimeout,
        Duration backoffFirst,
        Duration backoffMax,
        BreakerPolicy breaker,
        OutagePolicy outage,
        long localBytes,
        Codec<?> codec,
        List<CacheListener> listeners,
        Duration probeInterval,
        boolean virtualLoaderThreads) {}
