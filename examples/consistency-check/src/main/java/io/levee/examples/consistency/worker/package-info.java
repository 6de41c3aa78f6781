/** A worker: a process of the application, with a Levee client of its own. Begin with {@code Worker}. */
package io.levee.examples.consistency.worker;
