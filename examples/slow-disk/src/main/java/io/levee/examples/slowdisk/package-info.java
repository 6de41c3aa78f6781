/** A database that is as slow as a real one, without its machine. */
package io.levee.examples.slowdisk;
