package io.levee.cache.spring.autoconfigure;

import io.levee.cache.spring.CacheOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code levee.*}. Unknown ones are refused.
 *
 * @param enabled whether Levee is configured at all
 * @param nodes the memcached nodes, each as host:port, with an IPv6 host in brackets and an optional weight: host:port*2. All processes
 *     must write them alike. Required, unless there is a bean of type NodeDiscovery
 * @param name names the client in its threads and log lines, 1 to 40 letters, digits, dots and dashes; a number unless told
 * @param keyPrefix begins every key in memcached, so that applications can share nodes. At most 50 characters
 * @param operationTimeout the longest that one answer of a node is waited for. 1 ms to 1 min
 * @param connectTimeout how long connecting to a node and its first answer may take together. 10 ms to 1 min
 * @param reconnectBackoff how long to wait before a dead node is connected to again
 * @param breaker when a node that is connected but does not answer well is given up; a bean of type BreakerPolicy has precedence
 * @param outage what becomes of a dead node's keys; a bean of type OutagePolicy has precedence
 * @param localBytes how much all caches together keep in this process, as near cache and as fallback. 0 gives up the fallback
 * @param probeInterval how often a node in use is asked how it is. 100 ms to 1 h
 * @param virtualLoaderThreads whether loaders that do not run on the calling thread run on virtual threads, which takes JDK 21. Unless told,
 *     as spring.threads.virtual.enabled says
 * @param dynamicCaches names of caches that Spring's cache annotations may use without further declaration, with levee.defaults; * stands
 *     for any characters
 * @param defaults settings of all caches
 * @param caches settings of single caches, by name; they have precedence over the defaults
 */
@ConfigurationProperties(prefix = "levee", ignoreUnknownFields = false)
public record LeveeProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue List<String> nodes,
        String name,
        String keyPrefix,
        @DefaultValue("200ms") Duration operationTimeout,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue ReconnectBackoff reconnectBackoff,
        @DefaultValue Breaker breaker,
        @DefaultValue Outage outage,
        @DefaultValue("64MB") DataSize localBytes,
        @DefaultValue("5s") Duration probeInterval,
        Boolean virtualLoaderThreads,
        @DefaultValue List<String> dynamicCaches,
        @NestedConfigurationProperty CacheOptions defaults,
        @DefaultValue Map<String, CacheOptions> caches) {
    public LeveeProperties {
        defaults = defaults == null ? CacheOptions.NONE : defaults;
    }

    /**
     * A random part of {@code first}, which doubles with every failed attempt up to {@code max}.
     *
     * @param first the first wait. 1 ms to max
     * @param max the longest wait. 1 ms to 1 h
     */
    public record ReconnectBackoff(
            @DefaultValue("100ms") Duration first,
            @DefaultValue("30s") Duration max) {}

    /**
     * Of the last {@code window} operations so many failed.
     *
     * @param window how many of the last operations count. 1 to 10000
     * @param failureRatePercent how many of them must have failed, in percent. 1 to 100
     */
    public record Breaker(
            @DefaultValue("8") int window,
            @DefaultValue("50") int failureRatePercent) {}

    /**
     * What becomes of a dead node's keys.
     *
     * @param mode miss: what this process holds stands in, and the rest each process loads for itself. gutter: the next live node takes
     *     the keys, for a short time
     * @param gutterTtl how long a value lives on the node that stands in, with mode gutter. 1 s to 1 h, in whole seconds
     */
    public record Outage(
            @DefaultValue("miss") Mode mode,
            @DefaultValue("10s") Duration gutterTtl) {
        /** Who stands in for a dead node. */
        public enum Mode {
            /** This process. */
            MISS,
            /** The next live node. */
            GUTTER
        }
    }
}
