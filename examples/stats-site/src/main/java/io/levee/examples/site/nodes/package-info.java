/** The memcached processes that the site starts, and what can be done to them. */
package io.levee.examples.site.nodes;
