/** A crowd-funding site on Spring Boot: what starts it, and what can be set. */
package io.levee.examples.site;
