package io.levee.cache.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * When the method has returned, what the caches have of a key is removed, in memcached and here; a load that is under way will not
 * bring it back. If the method throws, nothing is removed.
 *
 * <pre>{@code
 * @Transactional
 * @Invalidate(cacheNames = "project-stats", key = "#pledges.![project]")
 * public void save(List<Pledge> pledges) { ... }
 * }</pre>
 *
 * <p>What it has over Spring's {@code @CacheEvict}: it works without {@code @EnableCaching}; a key that is a collection is many keys, as
 * it is in a {@link ReadThrough} method of many ids; and it comes after the commit of a transaction that the method itself begins, since
 * it is outside of {@code @Transactional}. A method that runs in its caller's transaction invalidates before the caller commits: then put
 * it on the caller.
 *
 * <p>Blocks for at most {@code levee.operation-timeout}. No fault of memcached is thrown.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Invalidate {
    /** The caches' names. */
    @AliasFor("cacheNames")
    String[] value() default {};

    /** The caches' names, at least one; each of a cache that a {@link ReadThrough} method or a bean defines. */
    @AliasFor("value")
    String[] cacheNames() default {};

    /** The key, or a collection of keys, in SpEL; {@code #result} is what the method returned. The arguments, unless told. */
    String key() default "";

    /** Whether to invalidate, in SpEL; {@code #result} is what the method returned. Always, unless told. */
    String condition() default "";

    /** Whether the caches are cleared, whatever the key. */
    boolean allEntries() default false;
}
