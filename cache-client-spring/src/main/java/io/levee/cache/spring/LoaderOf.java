package io.levee.cache.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which cache a bean of type {@link io.levee.cache.CacheLoader} loads. That defines the cache: its key and value types are the
 * loader's, its settings are those of {@code levee.caches.<name>}, and it can be injected as a {@code ReadThroughCache<K, V>}.
 *
 * <p>A bean that is a {@link io.levee.cache.BulkLoader} too loads many keys with it, one that is a {@link io.levee.cache.CacheWriter} writes with
 * it. A loader bean without this annotation loads the
 * cache of its bean's name, if {@code levee.caches} has one of that name.
 *
 * <p>On the bean's class or on its {@code @Bean} method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface LoaderOf {
    /** The cache's name. */
    String value();
}
