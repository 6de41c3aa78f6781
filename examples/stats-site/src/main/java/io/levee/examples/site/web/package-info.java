/** The pages that visitors see. */
package io.levee.examples.site.web;
