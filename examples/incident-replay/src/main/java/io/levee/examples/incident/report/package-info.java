/** How a replay is shown: the HTML report, the CSV, the summary table and the live terminal display. */
package io.levee.examples.incident.report;
