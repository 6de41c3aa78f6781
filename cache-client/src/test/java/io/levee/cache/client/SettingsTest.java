package io.levee.cache.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.CacheException;
import io.levee.cache.CacheLoader;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.WrittenDatabase;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.Encoded;
import io.levee.cache.codec.ValueType;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.memcached.MemcachedNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the builders take, and what they say of the rest: which setting, its value, its bound. */
class SettingsTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MONTH = Duration.ofDays(30);

    private static MemcachedNode dead;
    private static CacheClient client;

    private final String name = "settings-" + NAMES.incrementAndGet();

    @BeforeAll
    static void start() {
        // No setting of a cache needs a node that is up.
        dead = MemcachedNode.builder().start();
        dead.kill();
        client = CacheClient.builder().nodes(dead.address()).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        dead.close();
    }

    private ReadThroughCache.Builder<String, String> cache() {
        return client.cache(name, String.class, String.class);
    }

    private static void refusedByClient(Consumer<CacheClient.Builder> setting, String... says) {
        assertThatThrownBy(() -> setting.accept(CacheClient.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cache client: ")
                .hasMessageContainingAll(says);
    }

    private void refusedByCache(UnaryOperator<ReadThroughCache.Builder<String, String>> setting, String... says) {
        assertThatThrownBy(() -> setting.apply(cache()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cache \"" + name + "\": ")
                .hasMessageContainingAll(says);
    }

    private void takenByCache(UnaryOperator<ReadThroughCache.Builder<String, String>> setting) {
        assertThatCode(() -> setting.apply(cache())).doesNotThrowAnyException();
    }

    private void refusedByBuild(UnaryOperator<ReadThroughCache.Builder<String, String>> settings, String... says) {
        ReadThroughCache.Builder<String, String> builder = settings.apply(cache());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cache \"" + name + "\"")
                .hasMessageContainingAll(says);
    }

    private static void takenByClient(Consumer<CacheClient.Builder> setting) {
        assertThatCode(() -> setting.accept(CacheClient.builder())).doesNotThrowAnyException();
    }

    @Test
    void clientDurations_outOfBounds_areRefused() {
        refusedByClient(b -> b.operationTimeout(Duration.ZERO), "operationTimeout", "1 ms to 1 min", "is 0 ms");
        refusedByClient(b -> b.operationTimeout(Duration.ofSeconds(61)), "operationTimeout", "is 61 s");
        refusedByClient(b -> b.operationTimeout(null), "operationTimeout", "is null");
        takenByClient(b -> b.operationTimeout(MILLI));
        takenByClient(b -> b.operationTimeout(Duration.ofMinutes(1)));

        refusedByClient(b -> b.connectTimeout(Duration.ofMillis(9)), "connectTimeout", "10 ms to 1 min", "is 9 ms");
        refusedByClient(b -> b.connectTimeout(Duration.ofMinutes(2)), "connectTimeout", "is 2 min");
        takenByClient(b -> b.connectTimeout(Duration.ofMillis(10)));

        refusedByClient(b -> b.probeInterval(Duration.ofMillis(99)), "probeInterval", "100 ms to 1 h", "is 99 ms");
        refusedByClient(b -> b.probeInterval(Duration.ofHours(2)), "probeInterval", "is 2 h");
        takenByClient(b -> b.probeInterval(Duration.ofMillis(100)));
    }

    @Test
    void reconnectBackoff_outOfBounds_isRefused() {
        refusedByClient(
                b -> b.reconnectBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "reconnectBackoff first",
                "1 ms to 1 s",
                "is 2 s");
        refusedByClient(b -> b.reconnectBackoff(Duration.ZERO, HOUR), "reconnectBackoff first", "is 0 ms");
        refusedByClient(b -> b.reconnectBackoff(MILLI, HOUR.plusMillis(1)), "reconnectBackoff max", "1 ms to 1 h");
        refusedByClient(b -> b.reconnectBackoff(null, HOUR), "reconnectBackoff first", "null");
        refusedByClient(b -> b.reconnectBackoff(MILLI, null), "reconnectBackoff max", "null");
        takenByClient(b -> b.reconnectBackoff(HOUR, HOUR));
    }

    @Test
    void otherClientSettings_outOfBounds_areRefused() {
        refusedByClient(b -> b.name("with blank"), "name", "letters", "with blank");
        refusedByClient(b -> b.name(""), "name");
        refusedByClient(b -> b.name(null), "name", "null");
        refusedByClient(b -> b.name("x".repeat(41)), "name", "1 to 40");
        takenByClient(b -> b.name("web-1.a"));
        refusedByClient(b -> b.keyPrefix("x".repeat(51)), "keyPrefix", "50");
        refusedByClient(b -> b.keyPrefix(null), "keyPrefix", "null");
        takenByClient(b -> b.keyPrefix(""));
        refusedByClient(b -> b.localBytes(-1), "localBytes", "0 or more", "is -1");
        takenByClient(b -> b.localBytes(0));
        takenByClient(b -> b.localBytes(Long.MAX_VALUE));
        refusedByClient(b -> b.breaker(null), "breaker", "null");
        refusedByClient(b -> b.codec(null), "codec", "null");
        refusedByClient(b -> b.listener(null), "listener", "null");
        refusedByClient(b -> b.discovery(null), "discovery", "null");
    }

    @Test
    void clientSettings_givenTwice_areRefused() {
        twice(b -> b.name("x"), "name");
        twice(b -> b.nodes("a:1"), "nodes");
        twice(b -> b.keyPrefix("x"), "keyPrefix");
        twice(b -> b.operationTimeout(MILLI), "operationTimeout");
        twice(b -> b.connectTimeout(Duration.ofSeconds(1)), "connectTimeout");
        twice(b -> b.reconnectBackoff(MILLI, HOUR), "reconnectBackoff");
        twice(b -> b.breaker(BreakerPolicy.defaults()), "breaker");
        twice(b -> b.localBytes(1), "localBytes");
        twice(b -> b.codec(new Words()), "codec");
        twice(b -> b.probeInterval(HOUR), "probeInterval");
        twice(b -> b.virtualLoaderThreads(false), "virtualLoaderThreads");
        twice(b -> b.discovery(NodeDiscovery.fixed(List.of())), "discovery");
        refusedByClient(b -> b.nodes("a:1").discovery(NodeDiscovery.fixed(List.of())), "discovery", "twice");
    }

    private static void twice(Consumer<CacheClient.Builder> setting, String name) {
        refusedByClient(setting.andThen(setting), name, "given twice");
    }

    @Test
    void listener_givenTwice_isTaken() {
        takenByClient(b -> b.listener(CacheListener.NONE).listener(CacheListener.NONE));
    }

    @Test
    void nodes_thatCannotBe_areRefused() {
        refusedByClient(b -> b.nodes(), "nodes", "at least one");
        refusedByClient(b -> b.nodes((String[]) null), "nodes", "null");
        refusedByClient(b -> b.nodes("a:1", null), "nodes", "null");
        refusedByClient(b -> b.nodes("a:1", "b:1", "a:1"), "nodes", "a:1", "twice");
        refusedByClient(b -> b.nodes("a:1", "a:1*3"), "nodes", "a:1", "twice");
        for (String wrong : List.of("a:0", "a:65536", "a:b", ":1", "", "a:1*0", "a:1*x", "::1", "[a]:1", "a:1,b:1")) {
            assertThatThrownBy(() -> CacheClient.builder().nodes(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.isEmpty() ? "\"\"" : wrong.substring(0, 1));
        }
        takenByClient(b -> b.nodes("10.0.0.1:11211", "cache.example:11212*2", "[::1]:11211", "host"));
    }

    @Test
    void client_withoutNodes_isRefused() {
        assertThatThrownBy(() -> CacheClient.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nodes")
                .hasMessageContaining("discovery");
    }

    @Test
    void breakerPolicy_outOfBounds_isRefused() {
        assertThat(BreakerPolicy.defaults()).isEqualTo(new BreakerPolicy(8, 50));
        for (BreakerPolicyArguments wrong : List.of(
                new BreakerPolicyArguments(0, 50), new BreakerPolicyArguments(10_001, 50),
                new BreakerPolicyArguments(8, 0), new BreakerPolicyArguments(8, 101))) {
            assertThatThrownBy(() -> new BreakerPolicy(wrong.window, wrong.percent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("breaker");
        }
    }

    private record BreakerPolicyArguments(int window, int percent) {}

    @Test
    void leasePolicy_outOfBounds_isRefused() {
        assertThat(LeasePolicy.on()).isEqualTo(new LeasePolicy(true, Duration.ofSeconds(10)));
        assertThat(LeasePolicy.off().enabled()).isFalse();
        for (Duration wrong : List.of(Duration.ofMillis(999), HOUR.plusSeconds(1), Duration.ofMillis(1500))) {
            assertThatThrownBy(() -> LeasePolicy.on(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lease ttl")
                    .hasMessageContaining("whole seconds")
                    .hasMessageContaining(wrong.toString());
        }
        assertThatThrownBy(() -> LeasePolicy.on(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lease ttl");
    }

    @Test
    void cacheDurations_outOfBounds_areRefused() {
        refusedByCache(b -> b.expireAfterWrite(Duration.ZERO), "expireAfterWrite", "1 ms to 30 d", "is 0 ms");
        refusedByCache(b -> b.expireAfterWrite(Duration.ofDays(31)), "expireAfterWrite", "is 31 d");
        refusedByCache(b -> b.expireAfterWrite(Duration.ofNanos(1)), "expireAfterWrite", "is 1 ns");
        refusedByCache(b -> b.expireAfterWrite(null), "expireAfterWrite", "null");
        refusedByCache(b -> b.staleFor(Duration.ofMillis(-1)), "staleFor", "0 ms to 30 d", "is -1 ms");
        refusedByCache(b -> b.staleFor(MONTH.plusMillis(1)), "staleFor");
        refusedByCache(b -> b.refreshAfterWrite(Duration.ZERO), "refreshAfterWrite", "is 0 ms");
        refusedByCache(b -> b.nearCache(Duration.ZERO), "nearCache", "is 0 ms");
        refusedByCache(b -> b.cacheAbsent(Duration.ZERO), "cacheAbsent", "is 0 ms");
        refusedByCache(b -> b.loadWait(Duration.ofMillis(-1)), "loadWait", "0 ms to 1 h");
        refusedByCache(b -> b.loadWait(Duration.ofDays(1)), "loadWait", "is 1 d");
        takenByCache(b -> b.expireAfterWrite(MILLI));
        takenByCache(b -> b.expireAfterWrite(MONTH));
        takenByCache(b -> b.staleFor(Duration.ZERO));
        takenByCache(b -> b.staleFor(MONTH));
        takenByCache(b -> b.loadWait(Duration.ZERO));
        takenByCache(b -> b.loadWait(HOUR));
    }

    @Test
    void cacheNumbers_outOfBounds_areRefused() {
        refusedByCache(b -> b.expiryJitter(-0.1), "expiryJitter", "0 to 0.5", "is -0.1");
        refusedByCache(b -> b.expiryJitter(0.51), "expiryJitter", "is 0.51");
        refusedByCache(b -> b.expiryJitter(Double.NaN), "expiryJitter", "NaN");
        refusedByCache(b -> b.maxConcurrentLoads(0), "maxConcurrentLoads", "1 to 10000", "is 0");
        refusedByCache(b -> b.maxConcurrentLoads(10_001), "maxConcurrentLoads", "is 10001");
        refusedByCache(b -> b.schemaVersion(-1), "schemaVersion", "0 to 65535", "is -1");
        refusedByCache(b -> b.schemaVersion(65_536), "schemaVersion", "is 65536");
        takenByCache(b -> b.schemaVersion(65_535));
        takenByCache(b -> b.expiryJitter(0));
        takenByCache(b -> b.expiryJitter(0.5));
        takenByCache(b -> b.maxConcurrentLoads(10_000));
    }

    @Test
    void loadTimeout_outOfBounds_isRefused() {
        refusedByCache(
                b -> b.loadTimeout(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "loadTimeout soft",
                "1 ms to 1 s",
                "is 2 s");
        refusedByCache(b -> b.loadTimeout(Duration.ZERO, HOUR), "loadTimeout soft", "is 0 ms");
        refusedByCache(b -> b.loadTimeout(MILLI, HOUR.plusMillis(1)), "loadTimeout hard", "1 ms to 1 h");
        refusedByCache(b -> b.loadTimeout(null, HOUR), "loadTimeout soft", "null");
        refusedByCache(b -> b.loadTimeout(MILLI, null), "loadTimeout hard", "null");
        takenByCache(b -> b.loadTimeout(HOUR, HOUR));
    }

    @Test
    void cacheSettings_givenTwice_areRefused() {
        CacheLoader<String, String> loader = key -> key;
        cacheTwice(b -> b.loader(loader), "loader");
        cacheTwice(b -> b.writer(new WrittenDatabase()), "writer");
        cacheTwice(b -> b.key(key -> key), "key");
        cacheTwice(b -> b.codec(new Words()), "codec");
        cacheTwice(b -> b.expireAfterWrite(MILLI), "expireAfterWrite");
        cacheTwice(b -> b.staleFor(MILLI), "staleFor");
        cacheTwice(b -> b.refreshAfterWrite(MILLI), "refreshAfterWrite");
        cacheTwice(b -> b.nearCache(MILLI), "nearCache");
        cacheTwice(b -> b.cacheAbsent(MILLI), "cacheAbsent");
        cacheTwice(b -> b.expiryJitter(0), "expiryJitter");
        cacheTwice(b -> b.maxConcurrentLoads(1), "maxConcurrentLoads");
        cacheTwice(b -> b.schemaVersion(1), "schemaVersion");
        cacheTwice(b -> b.loadWait(MILLI), "loadWait");
        cacheTwice(b -> b.loadTimeout(MILLI, MILLI), "loadTimeout");
        cacheTwice(b -> b.lease(LeasePolicy.off()), "lease");
        refusedByCache(
                b -> b.periodicWriteThrough(MILLI.multipliedBy(10), List.of("a"))
                        .periodicWriteThrough(HOUR, KeysReadPolicy.keysReadWithin(HOUR)),
                "periodicWriteThrough",
                "given twice");
    }

    @Test
    void periodicWriteThrough_outOfBounds_isRefused() {
        refusedByCache(b -> b.periodicWriteThrough(Duration.ofMillis(9), List.of("a")), "10 ms to 30 d", "is 9 ms");
        refusedByCache(b -> b.periodicWriteThrough(null, List.of("a")), "periodicWriteThrough", "is null");
        refusedByCache(b -> b.periodicWriteThrough(HOUR, (List<String>) null), "periodicWriteThrough keys", "null");
        refusedByCache(b -> b.periodicWriteThrough(HOUR, Arrays.asList("a", null)), "keys", "not null", "is null");
        refusedByCache(
                b -> b.periodicWriteThrough(HOUR, Collections.nCopies(100_001, "a")),
                "periodicWriteThrough keys",
                "at most 100000",
                "is 100001");
        takenByCache(b -> b.periodicWriteThrough(HOUR, Collections.nCopies(100_000, "a")));
        takenByCache(b -> b.periodicWriteThrough(Duration.ofMillis(10), List.of()));
    }

    @Test
    void keysReadPolicy_outOfBounds_isRefused() {
        assertThat(KeysReadPolicy.keysReadWithin(HOUR)).isEqualTo(new KeysReadPolicy(HOUR, 10_000));
        assertThat(KeysReadPolicy.keysReadWithin(HOUR).atMost(5)).isEqualTo(new KeysReadPolicy(HOUR, 5));
        for (Duration wrong : new Duration[] {null, Duration.ZERO, MONTH.plusMillis(1)}) {
            assertThatThrownBy(() -> KeysReadPolicy.keysReadWithin(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("keysReadWithin", "1 ms to 30 d", "is " + wrong);
        }
        for (int wrong : new int[] {0, 100_001}) {
            assertThatThrownBy(() -> KeysReadPolicy.keysReadWithin(HOUR).atMost(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("atMost", "1 to 100000", "is " + wrong);
        }
    }

    @Test
    void periodicWriteThrough_thatCannotWork_isRefusedByBuild() {
        CacheLoader<String, String> loader = key -> key;
        refusedByBuild(
                b -> b.expireAfterWrite(HOUR).periodicWriteThrough(MILLI.multipliedBy(10), List.of("a")),
                "periodicWriteThrough needs a loader");
        refusedByBuild(
                b -> b.loader(loader)
                        .expireAfterWrite(Duration.ofMinutes(10))
                        .periodicWriteThrough(Duration.ofMinutes(9), List.of("a")),
                "periodicWriteThrough",
                "less than the time that every value is fresh, 9 min",
                "is 9 min");
        refusedByBuild(
                b -> b.loader(loader)
                        .expireAfterWrite(HOUR)
                        .periodicWriteThrough(
                                Duration.ofMinutes(2), KeysReadPolicy.keysReadWithin(Duration.ofMinutes(1))),
                "keysReadWithin",
                "at least the period of periodicWriteThrough, 2 min",
                "is 1 min");
    }

    @Test
    void settingsThatNeedTheLocalTier_withoutOne_areRefusedByBuild() {
        try (CacheClient without =
                CacheClient.builder().nodes(dead.address()).localBytes(0).build()) {
            ReadThroughCache.Builder<String, String> warm = without.cache(name, String.class, String.class)
                    .loader(key -> key)
                    .expireAfterWrite(HOUR)
                    .periodicWriteThrough(Duration.ofMinutes(1), List.of("a"));
            ReadThroughCache.Builder<String, String> near = without.cache(name, String.class, String.class)
                    .expireAfterWrite(HOUR)
                    .nearCache(HOUR);
            assertThatThrownBy(warm::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("cache \"" + name + "\"", "periodicWriteThrough", "localBytes is 0");
            assertThatThrownBy(near::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("cache \"" + name + "\"", "nearCache", "localBytes is 0");
        }
    }

    private void cacheTwice(UnaryOperator<ReadThroughCache.Builder<String, String>> setting, String what) {
        refusedByCache(b -> setting.apply(setting.apply(b)), what, "given twice");
    }

    @Test
    void cacheSettings_thatAreNull_areRefused() {
        refusedByCache(b -> b.loader(null), "loader", "null");
        refusedByCache(b -> b.writer(null), "writer", "null");
        refusedByCache(b -> b.key(null), "key", "null");
        refusedByCache(b -> b.codec(null), "codec", "null");
        refusedByCache(b -> b.lease(null), "lease", "null");
    }

    @Test
    void cacheSettings_thatContradict_areRefusedByBuild() {
        refusedByBuild(b -> b, "expireAfterWrite", "must be given");
        refusedByBuild(
                b -> b.expireAfterWrite(HOUR).refreshAfterWrite(HOUR),
                "refreshAfterWrite",
                "less than expireAfterWrite, 1 h",
                "is 1 h");
        refusedByBuild(
                b -> b.expireAfterWrite(HOUR).nearCache(HOUR.plusMillis(1)),
                "nearCache",
                "at most expireAfterWrite, 1 h",
                "3600001 ms");
    }

    @Test
    void cacheName_thatCannotBe_isRefused() {
        for (String wrong : new String[] {null, "", " ", "x".repeat(101)}) {
            assertThatThrownBy(() -> client.cache(wrong, String.class, String.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cache name")
                    .hasMessageContaining("1 to 100");
        }
        assertThatThrownBy(() -> client.cache(name, null, String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key type");
        assertThatThrownBy(() -> client.cache(name, String.class, (Class<String>) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value type");
        assertThatThrownBy(() -> client.cache(name, String.class, (ValueType<String>) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("value type");
    }

    @Test
    void cacheName_ofARefusedBuild_isFreeAgain() {
        refusedByBuild(b -> b, "expireAfterWrite");

        assertThat(cache().expireAfterWrite(HOUR).build().name()).isEqualTo(name);
        refusedByBuild(b -> b.expireAfterWrite(HOUR), "name already");
    }

    @Test
    void keyType_withoutAText_isRefused() {
        assertThatThrownBy(() -> client.cache(name, Object.class, String.class)
                        .expireAfterWrite(HOUR)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("key(...)");
        ReadThroughCache<Object, String> cache = client.cache(name, Object.class, String.class)
                .key(key -> null)
                .loader(key -> "v")
                .expireAfterWrite(HOUR)
                .build();
        assertThatThrownBy(() -> cache.get("k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void defaults_areThoseOfTheDesign() {
        ClientSettings ofClient = CacheClient.builder().nodes("a:1").settings();
        assertThat(ofClient.operationTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(ofClient.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ofClient.backoffFirst()).isEqualTo(Duration.ofMillis(100));
        assertThat(ofClient.backoffMax()).isEqualTo(Duration.ofSeconds(30));
        assertThat(ofClient.localBytes()).isEqualTo(64L << 20);
        assertThat(ofClient.probeInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(ofClient.keyPrefix()).isEmpty();
        assertThat(ofClient.codec()).isNull();

        var ofCache = ((CacheBuilder<String, String>) cache().expireAfterWrite(HOUR)).settings();
        assertThat(ofCache.staleFor()).isEqualTo(HOUR);
        assertThat(ofCache.refreshAfterWrite()).isZero();
        assertThat(ofCache.nearCache()).isZero();
        assertThat(ofCache.cacheAbsent()).isZero();
        assertThat(ofCache.expiryJitter()).isEqualTo(0.1);
        assertThat(ofCache.maxConcurrentLoads()).isEqualTo(16);
        assertThat(ofCache.schemaVersion()).isZero();
        assertThat(ofCache.loadWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ofCache.softLoadTimeout()).isZero();
        assertThat(ofCache.hardLoadTimeout()).isZero();
        assertThat(ofCache.lease()).isEqualTo(LeasePolicy.on());
    }

    @Test
    void codec_ofTheCacheOrTheClient_isUsed() {
        try (MemcachedNode node = MemcachedNode.builder().start();
                CacheClient words = CacheClient.builder()
                        .nodes(node.address())
                        .operationTimeout(Duration.ofSeconds(20))
                        .codec(new Words())
                        .build()) {
            ReadThroughCache<Long, StringBuilder> byClient = words.cache(name, Long.class, StringBuilder.class)
                    .expireAfterWrite(HOUR)
                    .build();
            // The client's codec makes strings, whatever is asked of it: that it is asked is seen by what it cannot do.
            assertThatThrownBy(() -> byClient.put(1L, new StringBuilder("x"))).isInstanceOf(ClassCastException.class);
            ReadThroughCache<Long, String> byCache = words.cache(name + "c", Long.class, String.class)
                    .codec(new Words())
                    .expireAfterWrite(HOUR)
                    .build();
            byCache.put(1L, "x");
            assertThat(byCache.peek(1L)).contains("<x>");
        }
    }

    @Test
    void value_thatItsCodecCannotWrite_isServedAndReported() {
        ReadThroughCache<Long, Thread> threads = client.cache(name, Long.class, Thread.class)
                .codec(new Codec<>() {
                    @Override
                    public Encoded encode(Thread value) {
                        throw new CacheException("never");
                    }

                    @Override
                    public Thread decode(Encoded encoded) {
                        throw new CacheException("never");
                    }
                })
                .expireAfterWrite(HOUR)
                .build();
        Thread value = Thread.currentThread();

        assertThat(threads.get(1L, key -> value)).isSameAs(value);
        assertThat(threads.stats().writeFailures()).isEqualTo(1);
        assertThatThrownBy(() -> threads.put(1L, value)).isInstanceOf(CacheException.class);
    }

    /** Writes down a string, and reads it with marks around. */
    private static final class Words implements Codec<String> {
        @Override
        public Encoded encode(String value) {
            return new Encoded(value.getBytes(UTF_8), 0);
        }

        @Override
        public String decode(Encoded encoded) {
            return "<" + new String(encoded.bytes(), UTF_8) + ">";
        }
    }
}
