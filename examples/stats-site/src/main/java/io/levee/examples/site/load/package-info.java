/** The built-in load, and what it and others meet with. */
package io.levee.examples.site.load;
