package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cache does while its nodes are well. */
class ReadThroughTest {
    private static MemcachedNode node;
    private static CacheClient client;
    private static CacheClient otherProcess;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
        client = client();
        otherProcess = client();
    }

    /** Patient, so that a busy machine is not taken for a dead node. */
    private static CacheClient client() {
        return CacheClient.builder()
                .nodes(node.address())
                .operationTimeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        otherProcess.close();
        node.close();
    }

    @Test
    void get_coldThenWarm_loadsOnce() {
        AtomicInteger loads = new AtomicInteger();
        ReadThroughCache<Long, String> cache = client.cache("warm", Long.class, String.class)
                .loader(key -> "v" + key + " " + loads.incrementAndGet())
                .expireAfterWrite(Duration.ofMinutes(1))
                .build();

        assertThat(cache.lookup(1L).source()).isEqualTo(Source.LOADED);
        assertThat(cache.get(1L)).isEqualTo("v1 1");
        assertThat(cache.lookup(1L).source()).isEqualTo(Source.MEMCACHED);
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().hits()).isEqualTo(2);
        assertThat(cache.stats().misses()).isEqualTo(1);
    }
}
