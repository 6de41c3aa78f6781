/** The truth behind the caches: a version for each item, which only grows, and a lock for each, shared by all processes. */
package io.levee.examples.consistency.database;
