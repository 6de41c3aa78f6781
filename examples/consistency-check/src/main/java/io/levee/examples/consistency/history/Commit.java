package io.levee.examples.consistency.history;

/**
 * A new version in the database.
 *
 * @param start a moment before it
 * @param end a moment after it
 */
public record Commit(String item, long version, String process, long start, long end) {}
