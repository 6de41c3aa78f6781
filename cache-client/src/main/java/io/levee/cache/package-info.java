/**
 * The contracts of Levee: what a read-through cache promises, and the words it is described in. Nothing here names an
 * internal class.
 */
package io.levee.cache;
