/** A real browser for tests of pages. */
package io.levee.examples.chromium;
