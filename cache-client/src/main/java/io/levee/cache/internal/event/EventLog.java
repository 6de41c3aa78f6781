package io.levee.cache.internal.event;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.time.TimeText;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events into the log: one plain line per state change, with the number that matters. What may happen per call is at
 * most one line a minute per cache and kind, with the count of those it stands for.
 */
public final class EventLog implements CacheListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.levee.cache.client.CacheClient");

    /** What may happen per call, and how it is told; the count of unlogged ones is appended. */
    private enum Kind {
        LOAD_REJECTED,
        UNDECODABLE,
        TOO_LARGE,
        WRITE_FAILED
    }

    private record Topic(String cache, Kind kind) {}

    private final String client;
    private final TimeSource time;
    private final boolean gutter;
    private final ToDoubleFunction<NodeAddress> keyShare;
    private final Map<Topic, OncePerMinute> limits = new ConcurrentHashMap<>();
    private final Map<String, LoadTrouble> loads = new ConcurrentHashMap<>();

    /**
     * A log for one client.
     *
     * @param keyShare the share of the keys that a node holds, 0 to 1
     */
    public EventLog(String client, TimeSource time, ToDoubleFunction<NodeAddress> keyShare, boolean gutter) {
        this.gutter = gutter;
        this.client = client;
        this.time = time;
        this.keyShare = keyShare;
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        if (downFor.isZero()) {
            LOG.info("cache client {}: memcached node {} is UP: it holds {} of the keys", client, node, share(node));
        } else {
            LOG.info(
                    "cache client {}: memcached node {} is UP again after {} down: it serves its {} of the keys again",
                    client,
                    node,
                    TimeText.brief(downFor),
                    share(node));
        }
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        LOG.warn(
                "cache client {}: memcached node {} is DOWN: {}. Its {} of the keys are served {} until it is back",
                client,
                node,
                reason,
                share(node),
                gutter ? "by the next live nodes" : "from the local fallback and by bounded loads");
    }

    @Override
    public void nodeRefilled(NodeAddress node, int stored, int present) {
        LOG.info(
                "cache client {}: memcached node {}, which came back empty, was refilled with {} of this process's values; for {} more "
                        + "it had something already",
                client,
                node,
                stored,
                present);
    }

    @Override
    public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        LOG.debug(
                "cache client {}: memcached node {} is still down: {}; attempt {} in {}",
                client,
                node,
                reason,
                attempt,
                TimeText.brief(nextAttemptIn));
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        LOG.warn("cache client {}: {}", client, advisory);
    }

    @Override
    public void advisoryCleared(Advisory advisory) {
        LOG.info("cache client {}: no longer: {}", client, advisory);
    }

    @Override
    public void loaded(String cache, String key, Duration took) {
        LoadTrouble trouble = loads.get(cache);
        if (trouble == null || !trouble.isFailing()) {
            return;
        }
        LoadTrouble.Recovery recovery = trouble.succeeded(time.nanos());
        if (recovery != null) {
            LOG.info(
                    "cache client {}: loads of cache {} succeed again: {} failed in {}",
                    client,
                    cache,
                    recovery.failures(),
                    TimeText.brief(Duration.ofNanos(recovery.forNanos())));
        }
    }

    @Override
    public void loadFailed(String cache, String key, Throwable cause, Duration took) {
        if (loads.computeIfAbsent(cache, name -> new LoadTrouble()).failed(time.nanos())) {
            LOG.warn(
                    "cache client {}: loads of cache {} fail, the first for key {}, whose load took {}: {}. Stale values are served "
                            + "where there are any; further failures are counted, not logged",
                    client,
                    cache,
                    key,
                    TimeText.brief(took),
                    String.valueOf(cause));
        }
    }

    @Override
    public void loadRejected(String cache, String key, int running) {
        say(
                cache,
                Kind.LOAD_REJECTED,
                "a load of key " + key + " was rejected: " + running + " loads were running, which is the bound");
    }

    @Override
    public void undecodable(String cache, String key, String reason) {
        say(cache, Kind.UNDECODABLE, "the bytes under key " + key + " are no value of this cache (a miss): " + reason);
    }

    @Override
    public void valueTooLarge(String cache, String key, int bytes, int limitBytes) {
        say(
                cache,
                Kind.TOO_LARGE,
                "the value of key " + key + " has " + bytes + " bytes, the node stores " + limitBytes
                        + " at most: it is kept in this process only");
    }

    @Override
    public void writeFailed(String cache, String key, String reason) {
        say(cache, Kind.WRITE_FAILED, "key " + key + ": " + reason);
    }

    private void say(String cache, Kind kind, String what) {
        long suppressed = limits.computeIfAbsent(new Topic(cache, kind), topic -> new OncePerMinute())
                .admit(time.nanos());
        if (suppressed == 0) {
            LOG.warn("cache client {}: cache {}: {}", client, cache, what);
        } else if (suppressed > 0) {
            LOG.warn(
                    "cache client {}: cache {}: {} (and {} more since the last line)", client, cache, what, suppressed);
        }
    }

    private String share(NodeAddress node) {
        return String.format(Locale.ROOT, "%.0f %%", keyShare.applyAsDouble(node) * 100);
    }
}
