package io.levee.cache.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * The method loads a cache: a call is answered by the cache, and runs the method if the cache has nothing. With all that a {@link
 * io.levee.cache.ReadThroughCache} has: one run per key at a time, in this process and in the fleet, a bound on how many run at once,
 * stale values while a new one is computed or cannot be, a fallback for dead nodes. <b>No fault of memcached reaches the caller.</b>
 *
 * <pre>{@code
 * @ReadThrough(cacheNames = "project-stats", expireAfterWrite = "10m", refreshAfterWrite = "${stats.refresh:8m}")
 * public ProjectStats stats(long project) { ... }
 * }</pre>
 *
 * <p><b>The key</b> is the argument; of several, all of them; unless {@link #key} says otherwise. Keys are as in Spring's cache
 * abstraction, so {@code @CacheEvict} and {@code @CachePut} work on the cache too.
 *
 * <p><b>Many keys.</b> A method whose only parameter is a collection of ids (a {@code Collection}, {@code List} or {@code Set}), or whose
 * {@code key} names such a parameter, returns a map from id to value and is cached by the id: it runs once, with those ids that the cache
 * does not have. The caller gets a map in the order of the ids, without those that have no value. A method for single ids may share its
 * cache.
 *
 * <p><b>Threads.</b> The method runs on the caller's thread, or with {@code levee.caches.<name>.load-timeout} on one of Levee's. It also
 * runs on Levee's threads, with the arguments of the call that brought it about, when a value is refreshed behind that call: it must
 * depend on its arguments alone, and not on a request, a security context or a transaction of the thread.
 *
 * <p><b>Null</b>, or an empty {@code Optional}, is no value: it is remembered only with {@link #cacheAbsent}. A null as key is refused
 * with an {@link IllegalArgumentException}. <b>What the method throws</b> its callers get, unless there is a stale value; for a second
 * after that the key is not tried again. A caller may also get {@link io.levee.cache.LoadRejectedException} or {@link
 * io.levee.cache.LoadTimeoutException}. Values are shared between callers: treat them as immutable.
 *
 * <p>Works by Spring's proxies: calls of a bean to itself are not cached. A hit neither begins a transaction nor takes a
 * connection, since the cache is asked before {@code @Transactional} is.
 *
 * <p>A setting is a duration, as {@code 10m}, {@code 500ms} or {@code PT10M}, with placeholders; {@code levee.caches.<name>} has
 * precedence over it, and it over {@code levee.defaults}. Wrong use fails the start of the application, which says which method it is.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ReadThrough {
    /** The cache's name. */
    @AliasFor("cacheNames")
    String[] value() default {};

    /** The cache's name, one. Methods that share a cache must not contradict each other in their settings and types. */
    @AliasFor("value")
    String[] cacheNames() default {};

    /** The key, in SpEL as in {@code @Cacheable}: {@code #project.id}, {@code #root.args[0]}. */
    String key() default "";

    /** Which calls are cached, in SpEL; the others just run the method. All, unless told. */
    String condition() default "";

    /**
     * Which results are not kept, in SpEL, with {@code #result}; for a method of many ids it is asked of each value. Who waits for such
     * a result gets it; what the cache had of the key is removed.
     */
    String unless() default "";

    /** How long a value is fresh. Required, here or among the properties. */
    String expireAfterWrite() default "";

    /** How long after that it may be served while a new one is computed or cannot be. */
    String staleFor() default "";

    /** A hit older than this is served, and computed anew behind the caller. 0 for off. */
    String refreshAfterWrite() default "";

    /** How long a value is served from this process without asking memcached. 0 for off. */
    String nearCache() default "";

    /** How long a null is remembered. 0 for not at all. */
    String cacheAbsent() default "";
}
