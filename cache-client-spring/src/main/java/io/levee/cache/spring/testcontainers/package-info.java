/** {@code @ServiceConnection} for a memcached container of Testcontainers. */
package io.levee.cache.spring.testcontainers;
