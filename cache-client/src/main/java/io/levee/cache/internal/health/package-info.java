/** How the nodes are: what their servers say about themselves, what to make of it, and the report. Knows no threads. */
package io.levee.cache.internal.health;
