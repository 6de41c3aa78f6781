/** The site under load: its pages, its request threads, its visitors, and what they saw. */
package io.levee.examples.incident.site;
