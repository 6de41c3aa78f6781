/** The database of the site: its tables, what fills them, and the embedded one. */
package io.levee.examples.site.database;
