package io.levee.cache.faults;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a client told its listener about nodes. */
final class NodeEvents implements CacheListener {
    record Down(String node, String reason) {}

    record Attempt(int number, Duration nextIn) {}

    private final Queue<String> up = new ConcurrentLinkedQueue<>();
    private final Queue<Down> down = new ConcurrentLinkedQueue<>();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<Advisory> raised = new ConcurrentLinkedQueue<>();
    private final Queue<Advisory> cleared = new ConcurrentLinkedQueue<>();

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        up.add(node.toString());
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        down.add(new Down(node.toString(), reason));
    }

    @Override
    public void reconnectFailed(NodeAddress node, String reason, int attempt, Duration nextAttemptIn) {
        attempts.add(new Attempt(attempt, nextAttemptIn));
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        raised.add(advisory);
    }

    @Override
    public void advisoryCleared(Advisory advisory) {
        cleared.add(advisory);
    }

    List<String> up() {
        return List.copyOf(up);
    }

    List<Down> down() {
        return List.copyOf(down);
    }

    long downs(String node) {
        return down.stream().filter(event -> event.node.equals(node)).count();
    }

    long ups(String node) {
        return up.stream().filter(node::equals).count();
    }

    /** Failed attempts to bring a node back. */
    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    List<Advisory> raised() {
        return List.copyOf(raised);
    }

    boolean raised(Advisory.Code code, String node) {
        return raised.stream()
                .anyMatch(advisory ->
                        advisory.code() == code && advisory.node().toString().equals(node));
    }

    boolean cleared(Advisory.Code code) {
        return cleared.stream().anyMatch(advisory -> advisory.code() == code);
    }
}
