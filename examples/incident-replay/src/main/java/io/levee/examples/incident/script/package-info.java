/** The scenarios: which node is killed, hung or restarted when, as data. */
package io.levee.examples.incident.script;
