/** What makes Levee's annotations work: reads them at start-up, builds their caches, and intercepts the calls. */
package io.levee.cache.spring.method;
