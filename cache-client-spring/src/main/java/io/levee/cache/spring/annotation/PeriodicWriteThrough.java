package io.levee.cache.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps a {@link ReadThrough} method's results warm: each of these keys is computed anew once a period and written through to memcached,
 * whether or not anybody calls the method, so that no caller waits for it. Of a fleet one process runs the method for a key and period;
 * see {@link io.levee.cache.ReadThroughCache.Builder#periodicWriteThrough(java.time.Duration, java.util.Collection)}.
 *
 * <pre>{@code
 * @ReadThrough(cacheNames = "project-stats", expireAfterWrite = "10m")
 * @PeriodicWriteThrough(fixedRate = "1m", keys = {"42", "${stats.front-page}"})
 * public ProjectStats stats(long project) { ... }
 * }</pre>
 *
 * <p>For a method of one parameter that is the key, since nothing of an earlier call is kept: the key must give the arguments
 * back. Its keys are told by one of {@link #keys}, {@link #keySupplier} and {@link #keysReadWithin}. A method without parameters has one
 * result, and needs none of them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface PeriodicWriteThrough {
    /**
     * The period: a duration as {@code 1m} or {@code PT1M}, with placeholders. Less than a value is fresh, which is {@code expireAfterWrite} less {@code expiry-jitter}, a tenth unless set; 0 for off. {@code levee.caches.<name>.periodic-write-through.period} has precedence.
     */
    String fixedRate();

    /**
     * Fixed keys, each turned into the parameter's type. With placeholders, and SpEL in {@code #{...}}, which may also give a
     * collection.
     */
    String[] keys() default {};

    /**
     * The name of a bean of type {@code Supplier<? extends Collection<K>>}. It is asked once a period, on a thread of Levee's, and may
     * block.
     */
    String keySupplier() default "";

    /** Keeps warm what was asked for within this time: a duration as {@link #fixedRate}, and not less than it. */
    String keysReadWithin() default "";
}
