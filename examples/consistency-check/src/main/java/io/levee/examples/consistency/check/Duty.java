package io.levee.examples.consistency.check;

/**
 * What a write step or a clear owes to later reads of one item: at least {@code version}.
 *
 * @param process who wrote
 * @param slot which worker that was
 * @param call {@code put}, {@code invalidate} or {@code clear}
 * @param node where the item lies, or every node
 * @param start when the cache's call began; the version had been committed by then
 * @param end when it had returned
 * @param delayNanos how much later it is due for other processes
 * @param orphaned whether the writer died before it could make up for a fault: it owes nothing to others
 */
public record Duty(
        String process,
        int slot,
        String item,
        String call,
        int node,
        long version,
        long start,
        long end,
        long delayNanos,
        boolean orphaned) {
    boolean isClear() {
        return call.equals("clear");
    }
}
