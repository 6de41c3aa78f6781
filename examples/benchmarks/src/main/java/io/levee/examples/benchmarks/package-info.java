/** How fast Levee is beside its peers, measured side by side in one run. */
package io.levee.examples.benchmarks;
