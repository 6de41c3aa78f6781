package io.levee.cache.spring.autoconfigure;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.codec.Codec;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.cache.CachedMethods;
import io.levee.cache.spring.cache.KeyHints;
import io.levee.cache.spring.cache.LeveeCacheManager;
import io.levee.cache.spring.method.AnnotatedMethods;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Spring's cache annotations on Levee's caches, if the application enables them ({@code @EnableCaching}) and has neither a {@link
 * CacheManager} of its own nor chosen another with {@code spring.cache.type}.
 */
@AutoConfiguration(
        after = LeveeAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean({LeveeCaches.class, CacheAspectSupport.class})
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
@Conditional(LeveeCachingAutoConfiguration.NoOtherIsChosen.class)
@ImportRuntimeHints(KeyHints.class)
public final class LeveeCachingAutoConfiguration {

    @Bean
    LeveeCacheManager cacheManager(
            LeveeCaches caches,
            LeveeProperties properties,
            CachedMethods methods,
            ObjectProvider<ReadThroughCache<?, ?>> beans,
            ObjectProvider<AnnotatedMethods> annotated,
            ObjectProvider<Codec<?>> codec) {
        return new LeveeCacheManager(
                caches,
                () -> Stream.concat(beans.stream(), annotated.stream().flatMap(known -> known.caches().stream()))
                        .collect(Collectors.toList()),
                methods,
                Optional.ofNullable(codec.getIfUnique()),
                properties.dynamicCaches());
    }

    /** Static, and with nothing that it needs at once: it must see all beans, and have none made early. */
    @Bean
    static CachedMethods leveeCachedMethods(ObjectProvider<CacheOperationSource> source) {
        return new CachedMethods(source::getIfAvailable);
    }

    static final class NoOtherIsChosen extends NoneNestedConditions {
        NoOtherIsChosen() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("spring.cache.type")
        static final class AnotherIsChosen {}
    }
}
