package io.levee.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.Lookup.Source;
import io.levee.cache.client.CacheClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A load has read the old value, and its key is put or invalidated before it ends: by its own process, or by another while the
 * loader's is as good as stopped. Its value is for those who asked before.
 */
class LoadsBesideWritesTest {
    private static Fleet fleet;
    private static CacheClient third;

    private final String name = Fleet.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private volatile String database = "old";
    private volatile boolean broken;

    @BeforeAll
    static void start() {
        fleet = new Fleet();
        third = Fleet.client(fleet.node).build();
    }

    @AfterAll
    static void stop() {
        third.close();
        fleet.close();
    }

    /** The first load is held after it has read the database. */
    private String load(String key) throws InterruptedException {
        if (broken) {
            throw new IllegalStateException("the database is down");
        }
        String value = database;
        if (loads.incrementAndGet() == 1) {
            loading.countDown();
            finish.await();
        }
        return value;
    }

    private ReadThroughCache.Builder<String, String> cache(CacheClient client, LeasePolicy lease) {
        return Fleet.strings(client, name)
                .expireAfterWrite(Duration.ofHours(1))
                .lease(lease)
                .loader(this::load);
    }

    static Stream<Arguments> writes() {
        return Stream.of(LeasePolicy.on(), LeasePolicy.off())
                .flatMap(lease -> Stream.of(true, false)
                        .flatMap(async -> Stream.of(true, false)
                                .flatMap(elsewhere -> Stream.of(true, false)
                                        .map(put -> Arguments.of(lease, async, elsewhere, put)))));
    }

    @ParameterizedTest(name = "{0}, async {1}, written by another process {2}, put {3}")
    @MethodSource("writes")
    void loadUnderWay_keyWritten_answersItsCallersAndLandsNowhere(
            LeasePolicy lease, boolean async, boolean elsewhere, boolean put) throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here, lease).build();
        ReadThroughCache<String, String> there = cache(fleet.there, lease).build();
        ReadThroughCache<String, String> reader = cache(third, lease).build();
        Callable<String> caller = caller(here, async);
        Caller.awaitLatch(loading);

        database = "new";
        ReadThroughCache<String, String> writer = elsewhere ? there : here;
        if (put) {
            writer.put("k", "new");
        } else {
            writer.invalidate("k");
        }
        finish.countDown();

        assertThat(caller.call()).isEqualTo("old");
        // Whatever the load has sent was sent before this, on the same connection.
        here.peek("other");
        assertThat(fleet.line.hasValue(name + ":k")).isEqualTo(put);
        assertThat(reader.peek("k").orElse(null)).isEqualTo(put ? "new" : null);
        Lookup<String> found = here.lookup("k");
        assertThat(found.value()).isEqualTo("new");
        assertThat(found.source()).isEqualTo(put ? Source.MEMCACHED : Source.LOADED);
        // So that the others, who have no lease to wait for, find what this one has written.
        here.peek("other");
        assertThat(reader.get("k")).isEqualTo("new");
        assertThat(there.get("k")).isEqualTo("new");
        assertThat(loads).hasValue(put ? 1 : 2);
    }

    private static Callable<String> caller(ReadThroughCache<String, String> cache, boolean async) {
        if (async) {
            CompletableFuture<String> future = cache.getAsync("k");
            return future::get;
        }
        Caller<String> caller = Caller.start(() -> cache.get("k"));
        return caller::result;
    }

    @Test
    void loadUnderWay_keyInvalidatedHereAndTheDatabaseDown_isNoLastResort() throws Exception {
        ReadThroughCache<String, String> here =
                cache(fleet.here, LeasePolicy.on()).build();
        Callable<String> caller = caller(here, false);
        Caller.awaitLatch(loading);
        here.invalidate("k");
        finish.countDown();
        assertThat(caller.call()).isEqualTo("old");

        broken = true;

        assertThatThrownBy(() -> here.get("k")).isInstanceOf(LoadException.class);
    }

    @Test
    void loadUnderWay_keyInvalidatedElsewhere_isNotServedFromTheNearCache() throws Exception {
        ReadThroughCache<String, String> here = cache(fleet.here, LeasePolicy.on())
                .nearCache(Duration.ofHours(1))
                .build();
        ReadThroughCache<String, String> there =
                cache(fleet.there, LeasePolicy.on()).build();
        Callable<String> caller = caller(here, false);
        Caller.awaitLatch(loading);
        database = "new";
        there.invalidate("k");
        finish.countDown();
        assertThat(caller.call()).isEqualTo("old");

        // Its node has refused the value, and says so before it answers this.
        here.peek("other");

        assertThat(here.get("k")).isEqualTo("new");
        assertThat(loads).hasValue(2);
    }

    @Test
    void loadUnderWay_callerAfterTheInvalidation_doesNotJoinIt() throws Exception {
        ReadThroughCache<String, String> here =
                cache(fleet.here, LeasePolicy.on()).build();
        Callable<String> before = caller(here, true);
        Caller.awaitLatch(loading);
        database = "new";
        here.invalidate("k");

        assertThat(here.get("k")).isEqualTo("new");

        finish.countDown();
        assertThat(before.call()).isEqualTo("old");
        here.peek("other");
        assertThat(here.lookup("k").source()).isEqualTo(Source.MEMCACHED);
        assertThat(here.get("k")).isEqualTo("new");
        assertThat(loads).hasValue(2);
    }
}
