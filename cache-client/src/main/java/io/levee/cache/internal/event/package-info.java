/** Where events go: to every listener, and into the log in words an engineer on call understands. */
package io.levee.cache.internal.event;
