/** The site's database: real queries, in eight slots, on a disk that takes its time. */
package io.levee.examples.incident.database;
