package io.levee.cache;

import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One node, and two clients of it that stand for two processes. */
final class Fleet implements AutoCloseable {
    /** Patient, so that a busy machine is not taken for a dead node. */
    static final Duration PATIENT = Duration.ofSeconds(20);

    private static final AtomicInteger NAMES = new AtomicInteger();

    final MemcachedNode node;
    final CacheClient here;
    final CacheClient there;
    final MemcachedLine line;

    Fleet() {
        node = MemcachedNode.builder().start();
        here = client(node).build();
        there = client(node).build();
        line = new MemcachedLine(node);
    }

    static CacheClient.Builder client(MemcachedNode node) {
        return CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(PATIENT)
                .connectTimeout(PATIENT);
    }

    /** A name that no other test uses, so that no test finds what another left. */
    static String name() {
        return "cache-" + NAMES.incrementAndGet();
    }

    /** A cache of strings that are fresh for the whole test. Loads are waited for, for as long as a busy machine may take. */
    static ReadThroughCache.Builder<String, String> strings(CacheClient client, String name) {
        return client.cache(name, String.class, String.class).loadWait(PATIENT);
    }

    @Override
    public void close() {
        here.close();
        there.close();
        node.close();
    }
}
