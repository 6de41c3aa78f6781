package io.levee.examples.incident.site;

/**
 * A visitor's request.
 *
 * @param intendedAt when the visitor came, on {@code System.nanoTime}: what follows, waiting included, is latency
 */
record Request(Page page, long intendedAt) {}
