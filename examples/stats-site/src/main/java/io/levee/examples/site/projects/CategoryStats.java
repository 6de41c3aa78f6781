package io.levee.examples.site.projects;

import java.time.Instant;

/**
 * What the public stats page says of a category.
 *
 * @param at as of when
 */
public record CategoryStats(Category category, long pledges, long backers, long cents, long largestCents, Instant at) {}
