/** Which nodes there are. */
package io.levee.cache.discovery;
