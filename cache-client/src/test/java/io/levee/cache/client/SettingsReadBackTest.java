package io.levee.cache.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.CacheSettings;
import io.levee.cache.KeysReadPolicy;
import io.levee.cache.LeasePolicy;
import io.levee.cache.OutagePolicy;
import io.levee.cache.ReadThroughCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What was set can be asked for, and so can what was not. */
class SettingsReadBackTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Nobody listens there, and nobody needs to. */
    private static CacheClient.Builder client() {
        return CacheClient.builder().nodes("127.0.0.1:1");
    }

    private static ReadThroughCache.Builder<String, String> cache(CacheClient client) {
        return client.cache("cache", String.class, String.class).expireAfterWrite(HOUR);
    }

    @Test
    void cacheSettings_given_areReadBack() {
        KeysReadPolicy keys = KeysReadPolicy.keysReadWithin(HOUR);
        try (CacheClient client = client().build()) {
            CacheSettings settings = cache(client)
                    .loader(key -> key)
                    .staleFor(Duration.ofHours(2))
                    .refreshAfterWrite(Duration.ofMinutes(3))
                    .nearCache(Duration.ofMinutes(4))
                    .cacheAbsent(Duration.ofMinutes(5))
                    .expiryJitter(0.2)
                    .maxConcurrentLoads(6)
                    .loadWait(Duration.ofSeconds(7))
                    .loadTimeout(Duration.ofSeconds(8), Duration.ofSeconds(9))
                    .lease(LeasePolicy.on(Duration.ofSeconds(10)))
                    .periodicWriteThrough(Duration.ofMinutes(11), keys)
                    .build()
                    .settings();

            assertThat(settings.name()).isEqualTo("cache");
            assertThat(settings.expireAfterWrite()).isEqualTo(HOUR);
            assertThat(settings.staleFor()).isEqualTo(Duration.ofHours(2));
            assertThat(settings.refreshAfterWrite()).isEqualTo(Duration.ofMinutes(3));
            assertThat(settings.nearCache()).isEqualTo(Duration.ofMinutes(4));
            assertThat(settings.cacheAbsent()).isEqualTo(Duration.ofMinutes(5));
            assertThat(settings.expiryJitter()).isEqualTo(0.2);
            assertThat(settings.leastFresh()).isEqualTo(Duration.ofMinutes(48));
            assertThat(settings.maxConcurrentLoads()).isEqualTo(6);
            assertThat(settings.loadWait()).isEqualTo(Duration.ofSeconds(7));
            assertThat(settings.softLoadTimeout()).isEqualTo(Duration.ofSeconds(8));
            assertThat(settings.hardLoadTimeout()).isEqualTo(Duration.ofSeconds(9));
            assertThat(settings.lease()).isEqualTo(LeasePolicy.on(Duration.ofSeconds(10)));
            assertThat(settings.periodicWriteThrough()).isEqualTo(Duration.ofMinutes(11));
            assertThat(settings.keysRead()).isEqualTo(keys);
        }
    }

    @Test
    void cacheSettings_notGiven_areReadBackAsDocumented() {
        try (CacheClient client = client().build()) {
            CacheSettings settings = cache(client).build().settings();

            assertThat(settings.staleFor()).isEqualTo(HOUR);
            assertThat(settings.refreshAfterWrite()).isZero();
            assertThat(settings.nearCache()).isZero();
            assertThat(settings.cacheAbsent()).isZero();
            assertThat(settings.expiryJitter()).isEqualTo(0.1);
            assertThat(settings.maxConcurrentLoads()).isEqualTo(16);
            assertThat(settings.loadWait()).isEqualTo(Duration.ofSeconds(1));
            assertThat(settings.softLoadTimeout()).isZero();
            assertThat(settings.hardLoadTimeout()).isZero();
            assertThat(settings.lease()).isEqualTo(LeasePolicy.on());
            assertThat(settings.periodicWriteThrough()).isZero();
            assertThat(settings.keysRead()).isNull();
        }
    }

    @Test
    void clientSettings_given_areReadBack() {
        try (CacheClient client = client().name("a")
                .keyPrefix("p")
                .operationTimeout(Duration.ofMillis(1))
                .connectTimeout(Duration.ofMillis(20))
                .reconnectBackoff(Duration.ofMillis(3), Duration.ofMillis(4))
                .breaker(new BreakerPolicy(5, 60))
                .outage(OutagePolicy.gutter(Duration.ofSeconds(7)))
                .localBytes(8)
                .probeInterval(Duration.ofSeconds(9))
                .build()) {
            ClientSettings settings = client.settings();

            assertThat(settings.name()).isEqualTo("a");
            assertThat(settings.keyPrefix()).isEqualTo("p");
            assertThat(settings.operationTimeout()).isEqualTo(Duration.ofMillis(1));
            assertThat(settings.connectTimeout()).isEqualTo(Duration.ofMillis(20));
            assertThat(settings.backoffFirst()).isEqualTo(Duration.ofMillis(3));
            assertThat(settings.backoffMax()).isEqualTo(Duration.ofMillis(4));
            assertThat(settings.breaker()).isEqualTo(new BreakerPolicy(5, 60));
            assertThat(settings.outage()).isEqualTo(OutagePolicy.gutter(Duration.ofSeconds(7)));
            assertThat(settings.localBytes()).isEqualTo(8);
            assertThat(settings.probeInterval()).isEqualTo(Duration.ofSeconds(9));
        }
    }

    @Test
    void clientSettings_notGiven_areReadBackAsDocumented() {
        try (CacheClient client = client().build()) {
            ClientSettings settings = client.settings();

            assertThat(settings.discovery()).as("names the nodes").hasToString("[127.0.0.1:1]");
            assertThat(settings.keyPrefix()).isEmpty();
            assertThat(settings.operationTimeout()).isEqualTo(Duration.ofMillis(200));
            assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
            assertThat(settings.backoffFirst()).isEqualTo(Duration.ofMillis(100));
            assertThat(settings.backoffMax()).isEqualTo(Duration.ofSeconds(30));
            assertThat(settings.breaker()).isEqualTo(BreakerPolicy.defaults());
            assertThat(settings.outage()).isEqualTo(OutagePolicy.miss());
            assertThat(settings.localBytes()).isEqualTo(64 * 1024 * 1024);
            assertThat(settings.codec()).isNull();
            assertThat(settings.listeners()).isEmpty();
            assertThat(settings.probeInterval()).isEqualTo(Duration.ofSeconds(5));
        }
    }
}
