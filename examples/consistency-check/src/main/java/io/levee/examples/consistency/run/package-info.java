/** A run with real processes: nodes, workers, the links between them, and the nemesis that breaks them. Begin with {@code Trial}. */
package io.levee.examples.consistency.run;
