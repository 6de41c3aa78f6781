package io.levee.cache.internal.load;

/** What came of a load. Those who waited for it turn a failure into an exception of their own. */
public sealed interface LoadOutcome<V> {
    /**
     * The loader returned.
     *
     * @param value null if there is none
     */
    record Loaded<V>(V value, long tookNanos) implements LoadOutcome<V> {}

    /** The loader threw, in this load or in one so recent that it was not tried again. */
    record Failed<V>(Throwable cause) implements LoadOutcome<V> {}

    /** The thread that ran the loader was interrupted, so that the loader threw: that is about the thread, not about the key. */
    record Interrupted<V>(Throwable cause) implements LoadOutcome<V> {}

    /** It did not start: the bound was reached. */
    record Rejected<V>(int bound, long waitedNanos) implements LoadOutcome<V> {}

    /** The client was closed first. */
    record Closed<V>() implements LoadOutcome<V> {}
}
