/** Nodes from the memcached services of a Docker Compose file. */
package io.levee.cache.spring.docker;
