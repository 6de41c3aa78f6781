/** What a replay measured, as plain data: written by the run, read by the report and the terminal. */
package io.levee.examples.incident.timeline;
