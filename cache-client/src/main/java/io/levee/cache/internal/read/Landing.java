package io.levee.cache.internal.read;

import io.levee.cache.internal.load.LoadOutcome;
import io.levee.cache.internal.local.LocalEntry;

/** How a flight ended for one who waited for it. */
public sealed interface Landing<V> {
    /** Loaded here, or by the process that held the lease. */
    record Brought<V>(LocalEntry<V> entry) implements Landing<V> {}

    /** Another process is loading the key: who has a stale value serves that. */
    record Elsewhere<V>() implements Landing<V> {}

    /**
     * It brought no value.
     *
     * @param outcome never {@link LoadOutcome.Loaded}
     */
    record Broke<V>(LoadOutcome<V> outcome) implements Landing<V> {}

    /** It did not land in time; it flies on. */
    record TookTooLong<V>(long waitedNanos) implements Landing<V> {}
}
