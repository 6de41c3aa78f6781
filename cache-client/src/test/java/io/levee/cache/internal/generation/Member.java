package io.levee.cache.internal.generation;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.event.Listeners;
import io.levee.cache.internal.health.HealthTracker;
import io.levee.cache.internal.node.NodeSettings;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.SpyTransport;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the fleet as far as generations go: what the assembly of a client makes, in its order. */
final class Member implements AutoCloseable {
    static final Duration OFTEN = Duration.ofMillis(100);
    static final Duration NEVER = Duration.ofHours(1);

    final Generations generations;
    final Generation cache;
    final NodeTier tier;
    private final Timer timer;
    private final SpyTransport transport;

    private Member(String name, Duration poll, TimeSource time, List<MemcachedNode> nodes) throws InterruptedException {
        Duration connectTimeout = Duration.ofSeconds(5);
        timer = new Timer(name);
        transport = new SpyTransport(name, connectTimeout, Duration.ofMillis(200));
        generations = new Generations("test", timer, time, poll.toNanos());
        cache = generations.of("cache");
        NodeSettings settings = new NodeSettings(
                name,
                connectTimeout.toNanos(),
                TimeUnit.MILLISECONDS.toNanos(5),
                TimeUnit.MILLISECONDS.toNanos(200),
                TimeUnit.MILLISECONDS.toNanos(100),
                BreakerPolicy.defaults());
        tier = new NodeTier(
                settings,
                transport,
                new HealthTracker(TimeSource.SYSTEM, new CacheListener() {}),
                generations,
                new Listeners(List.of()));
        tier.nodes(nodes.stream().map(node -> NodeAddress.parse(node.address())).toList());
        tier.awaitFirstAttempts();
    }

    /** One that has connected and does not poll. */
    static Member connected(String name, Duration poll, TimeSource time, List<MemcachedNode> nodes)
            throws InterruptedException {
        return new Member(name, poll, time, nodes);
    }

    /** One that polls, and has done so once. */
    static Member started(String name, List<MemcachedNode> nodes) throws InterruptedException {
        Member member = new Member(name, OFTEN, TimeSource.SYSTEM, nodes);
        member.generations.start(member.tier).join();
        return member;
    }

    long generation() {
        return cache.current();
    }

    boolean accepts(long entryGeneration) {
        return entryGeneration >= cache.current();
    }

    @Override
    public void close() {
        generations.close();
        tier.close();
        transport.close();
        timer.close();
    }
}
