/** The clients that are compared, behind one small interface. */
package io.levee.examples.incident.client;
