package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers a node's events in their order; its lists are copies, so that a test may cut them while more come. */
final class Events implements CacheListener {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();

    /** {@code up}, {@code down: <reason>}, {@code failed: <reason>}, {@code raised <code>}, {@code cleared <code>}. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** Only those that begin with one of these words. */
    List<String> told(String... words) {
        return told.stream()
                .filter(event -> List.of(words).contains(event.split("[: ]", 2)[0]))
                .toList();
    }

    List<Integer> attempts() {
        return List.copyOf(attempts);
    }

    List<Duration> waits() {
        return List.copyOf(waits);
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        told.add("up");
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        told.add("down: " + reason);
    }

    @Override
    public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        attempts.add(attempt);
        waits.add(nextAttemptIn);
        told.add("failed: " + reason);
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        told.add("raised " + advisory.code());
    }

    @Override
    public void advisoryCleared(Advisory advisory) {
        told.add("cleared " + advisory.code());
    }
}
