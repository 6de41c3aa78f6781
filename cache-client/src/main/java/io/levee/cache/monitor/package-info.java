/** What the client tells about itself: events as they happen, and a report of how things stand. */
package io.levee.cache.monitor;
