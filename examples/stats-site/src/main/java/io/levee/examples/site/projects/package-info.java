/** Projects, pledges and the stats of them: the queries, and the cached methods on top of them. */
package io.levee.examples.site.projects;
