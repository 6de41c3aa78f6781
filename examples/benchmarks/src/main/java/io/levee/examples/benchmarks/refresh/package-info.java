/** When to load a value anew before it expires: rules beside each other in a simulated fleet. */
package io.levee.examples.benchmarks.refresh;
