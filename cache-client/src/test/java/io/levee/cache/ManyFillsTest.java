package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levee.cache.monitor.NodeState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One call that loads more keys than a connection carries operations at once, on a node that does not keep up. */
class ManyFillsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String LAST = "k9999";

    private final String name = Fleet.name();
    private final List<String> keys =
            IntStream.range(0, 10_000).mapToObj(i -> "k" + i).toList();
    private final AtomicInteger loads = new AtomicInteger();
    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = new Fleet();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** Stands still from the load on, so that all that follows it is under way at once. */
    private ReadThroughCache<String, String> cacheOfANodeThatHangs() {
        return Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .lease(LeasePolicy.on(Duration.ofMinutes(1)))
                .bulkLoader(asked -> {
                    fleet.node.hang();
                    loads.incrementAndGet();
                    if (loads.get() > 1) {
                        throw new IOException("the database is down");
                    }
                    return asked.stream().collect(Collectors.toMap(Function.identity(), key -> "value of " + key));
                })
                .build();
    }

    @Test
    void valuesLoadedTogether_areAllStoredWhenTheNodeGoesOn() {
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();

        Map<String, String> values = cache.getAll(keys);
        fleet.node.resume();

        assertThat(values).hasSize(keys.size());
        await().until(() -> cache.stats().writes() == keys.size());
        assertThat(loads).hasValue(1);
    }

    @Test
    void keysThatCouldNotBeLoaded_leaveNoLeaseForOthersToWaitFor() {
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();
        loads.incrementAndGet();

        assertThatThrownBy(() -> cache.getAll(keys)).isInstanceOf(BulkLoadException.class);
        fleet.node.resume();

        await().until(() -> IntStream.range(0, 100)
                .mapToObj(i -> name + ":" + keys.get(100 * i))
                .noneMatch(fleet.line::has));
    }

    @Test
    void valueWhoseFillWaitsInLine_isServedWithoutAWaitForItsOwnLease() {
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();
        cache.getAll(keys);

        CompletableFuture<String> last = cache.getAsync(LAST);
        fleet.node.resume();

        assertThat(last.join()).isEqualTo("value of " + LAST);
        assertThat(cache.stats().leaseWaits()).isZero();
        assertThat(loads).hasValue(1);
    }

    @Test
    void valueWhoseFillWaitsInLine_isNotFollowedByTheOneBefore() {
        ReadThroughCache<String, String> before = Fleet.strings(fleet.there, name)
                .expireAfterWrite(Duration.ofMillis(1))
                .staleFor(LONG)
                .bulkLoader(asked -> asked.stream().collect(Collectors.toMap(Function.identity(), key -> "old")))
                .build();
        before.getAll(keys);
        await().until(() -> before.stats().writes() == keys.size());
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();
        cache.getAll(keys);

        CompletableFuture<String> last = cache.getAsync(LAST);
        fleet.node.resume();

        assertThat(last.join()).isEqualTo("value of " + LAST);
        assertThat(cache.stats().staleHits()).isZero();
        assertThat(loads).hasValue(1);
    }

    @Test
    void keyRefreshedWhileItsFillWaitsInLine_nodeEndsWithWhatTheRefreshLoaded() {
        ReadThroughCache<String, String> cache = Fleet.strings(fleet.here, name)
                .expireAfterWrite(LONG)
                .bulkLoader(asked -> {
                    int load = loads.incrementAndGet();
                    if (load == 1) {
                        fleet.node.hang();
                    }
                    return asked.stream().collect(Collectors.toMap(Function.identity(), key -> "load " + load));
                })
                .build();
        cache.getAll(keys);

        CompletableFuture<String> refreshed = cache.refresh(LAST);
        fleet.node.resume();

        assertThat(refreshed.join()).isEqualTo("load 2");
        ReadThroughCache<String, String> there =
                Fleet.strings(fleet.there, name).expireAfterWrite(LONG).build();
        await().until(() -> cache.stats().writes() == keys.size() + 1);
        assertThat(there.peek(LAST)).contains("load 2");
    }

    @Test
    void clientClosedWithAFullLine_noFillIsLeftUnanswered() {
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();
        cache.getAll(keys);

        fleet.here.close();

        await().until(() -> cache.stats().writeFailures() == keys.size());
    }

    @Test
    void nodeKilledWithAFullLine_whatWaitsIsGivenUpAndLaterFillsAreStored() {
        ReadThroughCache<String, String> cache = cacheOfANodeThatHangs();
        cache.getAll(keys);

        fleet.node.restart();

        await().until(() -> cache.stats().writeFailures() + cache.stats().writes() >= keys.size());
        Map<String, String> more = keys.stream().collect(Collectors.toMap(key -> "more " + key, Function.identity()));
        await().until(() -> fleet.here.health().nodes().get(0).state() == NodeState.UP);
        long before = cache.stats().writes();
        cache.getAll(more.keySet(), asked -> more);
        await().until(() -> cache.stats().writes() - before >= keys.size());
    }
}
