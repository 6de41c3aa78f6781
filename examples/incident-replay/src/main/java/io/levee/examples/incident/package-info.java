/** The incident replay: begin with {@code IncidentReplay}. */
package io.levee.examples.incident;
