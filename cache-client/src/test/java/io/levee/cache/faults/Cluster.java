package io.levee.cache.faults;

import static org.awaitility.Awaitility.await;

import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.NodeHealth;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Some memcached processes of a test's own. */
final class Cluster implements AutoCloseable {
    /** For what must happen, soon or late: a busy machine is no failure. */
    static final Duration IN_THE_END = Duration.ofSeconds(30);

    private final List<MemcachedNode> nodes = new ArrayList<>();

    private Cluster() {}

    static Cluster of(int count) {
        Cluster cluster = new Cluster();
        try {
            for (int i = 0; i < count; i++) {
                cluster.nodes.add(MemcachedNode.builder().start());
            }
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    MemcachedNode node(int index) {
        return nodes.get(index);
    }

    List<MemcachedNode> nodes() {
        return nodes;
    }

    String[] addresses() {
        return nodes.stream().map(MemcachedNode::address).toArray(String[]::new);
    }

    void killAll() {
        nodes.forEach(MemcachedNode::kill);
    }

    /** A client of these nodes, so patient that a busy machine is not taken for a dead node. */
    CacheClient.Builder patientClient() {
        return CacheClient.builder()
                .nodes(addresses())
                .operationTimeout(Duration.ofSeconds(20))
                .connectTimeout(Duration.ofSeconds(20))
                .reconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(200));
    }

    static NodeHealth health(CacheClient client, MemcachedNode node) {
        return client.health().nodes().stream()
                .filter(health -> health.address().toString().equals(node.address()))
                .findFirst()
                .orElseThrow();
    }

    static boolean isDown(CacheClient client, MemcachedNode node) {
        // A node that is being connected to again is down all the same.
        return health(client, node).state() != NodeState.UP;
    }

    static void awaitUp(CacheClient client, MemcachedNode node) {
        await().atMost(IN_THE_END)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> health(client, node).state() == NodeState.UP);
    }

    static void awaitDown(CacheClient client, MemcachedNode node) {
        await().atMost(IN_THE_END).pollInterval(Duration.ofMillis(5)).until(() -> isDown(client, node));
    }

    @Override
    public void close() {
        nodes.forEach(MemcachedNode::close);
    }
}
