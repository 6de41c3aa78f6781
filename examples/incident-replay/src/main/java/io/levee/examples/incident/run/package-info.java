/** Plays a scenario with one client and measures it. */
package io.levee.examples.incident.run;
