package io.levee.cache;

import java.util.Map;

/**
 * Some keys of a {@link ReadThroughCache#getAll} could not be loaded, and there was no stale value to serve instead. Nothing that
 * was found or loaded is lost: it is in {@link #values}, and in the cache. The cause is the first key's failure.
 */
public final class BulkLoadException extends CacheException {
    private static final long serialVersionUID = 1L;

    private final transient Map<?, ?> values;
    private final transient Map<?, CacheException> failures;

    /**
     * A call that got some of its keys only.
     *
     * @param values what the call got, by key
     * @param failures why it did not get the others, by key; at least one
     */
    public BulkLoadException(String message, Map<?, ?> values, Map<?, CacheException> failures) {
        super(message, failures.values().iterator().next());
        this.values = values;
        this.failures = failures;
    }

    /** What {@code getAll} would have returned, without the keys that failed. */
    @SuppressWarnings("unchecked") // an exception cannot be generic; the caller knows what it asked for
    public <K, V> Map<K, V> values() {
        return (Map<K, V>) values;
    }

    /** For each key that failed, the exception that {@code get} would have thrown. */
    @SuppressWarnings("unchecked")
    public <K> Map<K, CacheException> failures() {
        return (Map<K, CacheException>) failures;
    }
}
