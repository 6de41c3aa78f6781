/** The consistency check: begin with {@code ConsistencyCheck}. */
package io.levee.examples.consistency;
