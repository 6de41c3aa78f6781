/** What Spring Boot's actuator shows of Levee. */
package io.levee.cache.spring.actuate;
