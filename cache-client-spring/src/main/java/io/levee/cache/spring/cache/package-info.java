/** Spring's cache abstraction on Levee's caches: what {@code @Cacheable} and its kin call. */
package io.levee.cache.spring.cache;
