/**
 * What a run writes down, as data: what each process did and saw, what the database committed, which faults there were. All times are
 * {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC: one clock for all processes of a machine.
 */
package io.levee.examples.consistency.history;
