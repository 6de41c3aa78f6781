package io.levee.cache.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.BreakerPolicy;
import io.levee.cache.OutagePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.client.ClientSettings;
import io.levee.cache.codec.Codec;
import io.levee.cache.codec.JacksonCodec;
import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.discovery.NodeDiscovery;
import io.levee.cache.monitor.CacheListener;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.CacheBuilderCustomizer;
import io.levee.cache.spring.CacheClientBuilderCustomizer;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.CacheOptions;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.cache.LeveeCacheManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When which bean is there, and which beans are used. No node is up: that fails no start. */
class ConditionsTest {
    private static final String NODE = "127.0.0.1:1";

    private final ApplicationContextRunner application =
            Application.on(NODE).withPropertyValues("levee.connect-timeout=100ms");

    private static ClientSettings settings(ApplicationContext context) {
        return context.getBean(CacheClient.class).settings();
    }

    @Test
    void nodesOnly_makesAClientAndItsCaches() {
        application.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(CacheClient.class)
                .hasSingleBean(LeveeCaches.class)
                .doesNotHaveBean(CacheManager.class));
    }

    @Test
    void enabledFalse_makesNothing() {
        application
                .withUserConfiguration(Application.Caching.class)
                .withPropertyValues("levee.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CacheClient.class)
                        .doesNotHaveBean(LeveeCaches.class)
                        .doesNotHaveBean(LeveeCacheManager.class));
    }

    @Test
    void caching_enabled_makesTheCacheManager() {
        application
                .withUserConfiguration(Application.Caching.class)
                .run(context -> assertThat(context).getBean(CacheManager.class).isInstanceOf(LeveeCacheManager.class));
    }

    @Test
    void cacheManager_ofTheApplication_isKept() {
        application
                .withUserConfiguration(Application.Caching.class)
                .withBean("mine", CacheManager.class, ConcurrentMapCacheManager::new)
                .run(context -> assertThat(context)
                        .hasSingleBean(CacheManager.class)
                        .doesNotHaveBean(LeveeCacheManager.class)
                        .hasSingleBean(CacheClient.class));
    }

    @Test
    void cacheResolver_ofTheApplication_isKept() {
        application
                .withUserConfiguration(Application.Caching.class)
                .withUserConfiguration(OwnResolver.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LeveeCacheManager.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnResolver implements CachingConfigurer {
        @Bean
        @Override
        public CacheResolver cacheResolver() {
            return unused -> List.of();
        }
    }

    @Test
    void cacheType_chosen_isHeeded() {
        application
                .withUserConfiguration(Application.Caching.class)
                .withPropertyValues("spring.cache.type=simple")
                .run(context ->
                        assertThat(context).getBean(CacheManager.class).isInstanceOf(ConcurrentMapCacheManager.class));
    }

    @Test
    void client_ofTheApplication_isUsed() {
        CacheClient mine = CacheClient.builder()
                .nodes(NODE)
                .name("mine")
                .connectTimeout(Duration.ofMillis(100))
                .build();
        application
                .withBean(CacheClient.class, () -> mine)
                .withBean("own", CacheDefinition.class, () -> CacheDefinition.of("own", Long.class, String.class))
                .run(context -> {
                    assertThat(context).getBean(CacheClient.class).isSameAs(mine);
                    assertThat(context.getBean(LeveeCaches.class).find("own")).isPresent();
                });
        mine.close();
    }

    @Test
    void caches_ofTheApplication_areUsed() {
        application
                .withBean(
                        "mine",
                        LeveeCaches.class,
                        () -> new LeveeCaches(
                                CacheClient.builder()
                                        .nodes(NODE)
                                        .connectTimeout(Duration.ofMillis(100))
                                        .build(),
                                CacheOptions.NONE,
                                Map.of(),
                                List.of()))
                .run(context -> assertThat(context).hasSingleBean(LeveeCaches.class));
    }

    @Test
    void discovery_asABean_namesTheNodes() {
        Application.bare()
                .withPropertyValues("levee.connect-timeout=100ms")
                .withBean(NodeDiscovery.class, () -> NodeDiscovery.fixed(List.of(NodeAddress.parse("127.0.0.1:3"))))
                .run(context -> assertThat(
                                context.getBean(CacheClient.class).health().nodes())
                        .extracting(found -> found.address().toString())
                        .containsExactly("127.0.0.1:3"));
    }

    @Test
    void policies_asBeans_havePrecedenceOverProperties() {
        application
                .withBean(BreakerPolicy.class, () -> new BreakerPolicy(20, 30))
                .withBean(OutagePolicy.class, () -> OutagePolicy.gutter(Duration.ofSeconds(5)))
                .withPropertyValues("levee.breaker.window=3")
                .run(context -> {
                    assertThat(settings(context).breaker()).isEqualTo(new BreakerPolicy(20, 30));
                    assertThat(settings(context).outage()).isEqualTo(OutagePolicy.gutter(Duration.ofSeconds(5)));
                });
    }

    @Test
    void listenersAndCodec_asBeans_areUsed() {
        CacheListener first = new CacheListener() {};
        CacheListener second = new CacheListener() {};
        Codec<?> codec = JacksonCodec.json();
        application
                .withBean("first", CacheListener.class, () -> first)
                .withBean("second", CacheListener.class, () -> second)
                .withBean(Codec.class, () -> codec)
                .run(context -> {
                    assertThat(settings(context).listeners()).contains(first, second);
                    assertThat(settings(context).codec()).isSameAs(codec);
                });
    }

    @Test
    void customizers_areCalledAfterTheProperties() {
        CacheListener listener = new CacheListener() {};
        application
                .withBean(CacheClientBuilderCustomizer.class, () -> builder -> builder.listener(listener))
                .withBean(
                        CacheBuilderCustomizer.class,
                        () -> (name, builder) -> builder.staleFor(Duration.ofMinutes(name.length())))
                .withBean("own", CacheDefinition.class, () -> CacheDefinition.of("own", Long.class, String.class))
                .run(context -> {
                    assertThat(settings(context).listeners()).contains(listener);
                    assertThat(context.getBean(LeveeCaches.class)
                                    .find("own")
                                    .orElseThrow()
                                    .settings()
                                    .staleFor())
                            .isEqualTo(Duration.ofMinutes(3));
                });
    }

    @Test
    void customizer_thatNamesNoNodes_isNoReasonToStart() {
        Application.bare()
                .withBean(CacheClientBuilderCustomizer.class, () -> builder -> builder.listener(CacheListener.NONE))
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("must be given"));
    }

    @Test
    void customizer_thatNamesNodes_isEnough() {
        Application.bare()
                .withPropertyValues("levee.connect-timeout=100ms")
                .withBean(CacheClientBuilderCustomizer.class, () -> builder -> builder.nodes(NODE))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void cacheBean_madeByHand_isSeenByTheCacheManager() {
        application
                .withUserConfiguration(Application.Caching.class, ByHand.class)
                .run(context -> assertThat(context.getBean(CacheManager.class).getCache("by-hand"))
                        .isNotNull());
    }

    @Configuration(proxyBeanMethods = false)
    static class ByHand {
        @Bean
        ReadThroughCache<Long, String> byHand(CacheClient client) {
            return client.cache("by-hand", Long.class, String.class)
                    .expireAfterWrite(Duration.ofMinutes(1))
                    .build();
        }
    }
}
