/** What Spring Boot configures by itself, from the properties {@code levee.*} and the beans that are there. */
package io.levee.cache.spring.autoconfigure;
