/** The page on which one watches the nodes live and die, and kills them: for this machine alone. */
package io.levee.examples.site.ops;
