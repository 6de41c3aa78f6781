/** What a Spring application writes: cache definitions, and what adjusts clients and caches. */
package io.levee.cache.spring;
