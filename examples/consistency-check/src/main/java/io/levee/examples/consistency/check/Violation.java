package io.levee.examples.consistency.check;

import io.levee.examples.consistency.history.Event.Read;

/**
 * A broken promise.
 *
 * @param process whose read it was
 * @param read the read; null if the rule is not about reads
 * @param duty the write that the read should have seen; null if there is none
 * @param detail more, in words
 */
public record Violation(Rule rule, String process, Read read, Duty duty, String detail) {}
