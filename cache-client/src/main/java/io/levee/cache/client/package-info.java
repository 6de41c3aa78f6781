/** Where a client is built and closed, and its caches are described. */
package io.levee.cache.client;
