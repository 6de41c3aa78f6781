package io.levee.cache.internal.entry;

/**
 * What an item in memcached says about its value.
 *
 * @param codecFlags the codec's own 16 bits; 0 for an absence
 * @param writtenAtMillis wall-clock time when it was written, by the writer's clock
 * @param freshForMillis how long from then on it is fresh, 0 to {@value #MAX_FRESH_MILLIS}
 * @param loadMillis how long the load took, 0 if it was not loaded
 * @param generation the cache's generation that its writer knew when the load began, 0 to {@link #MAX_GENERATION}; who knows a
 *     higher one refuses the entry
 * @param schemaVersion of the application that wrote it, 0 to {@value #MAX_SCHEMA_VERSION}: what the codec's bytes mean
 */
public record EntryHeader(
        Kind kind,
        int codecFlags,
        long writtenAtMillis,
        long freshForMillis,
        int loadMillis,
        long generation,
        int schemaVersion) {
    /** 30 days: what the settings allow at most. */
    public static final long MAX_FRESH_MILLIS = 30L * 24 * 60 * 60 * 1000;

    /** Far past every clock's milliseconds; one more than this still does not overflow. */
    public static final long MAX_GENERATION = 1L << 62;

    public static final int MAX_SCHEMA_VERSION = 0xFFFF;

    /** The end of the year 9999: no clock says more, and sums with it do not overflow. */
    static final long MAX_WRITTEN_AT_MILLIS = 253_402_300_799_999L;

    /** Whether the loader had a value. */
    public enum Kind {
        VALUE,
        /** The loader returned null, and that is remembered. */
        ABSENT
    }

    public EntryHeader {
        String fault = fault(kind, codecFlags, writtenAtMillis, freshForMillis, loadMillis, generation, schemaVersion);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Wall-clock time, by the writer's clock, up to which the value is fresh. */
    public long freshUntilMillis() {
        return writtenAtMillis + freshForMillis;
    }

    /** Says in a few words what is wrong with these values, or null: hostile bytes are refused without an exception to pay for. */
    static String fault(
            Kind kind,
            int codecFlags,
            long writtenAtMillis,
            long freshForMillis,
            int loadMillis,
            long generation,
            int schemaVersion) {
        if (codecFlags < 0 || codecFlags > (kind == Kind.ABSENT ? 0 : 0xFFFF)) {
            return "codec flags of a " + kind + " entry are " + codecFlags;
        }
        if (writtenAtMillis < 0 || writtenAtMillis > MAX_WRITTEN_AT_MILLIS) {
            return "written at " + writtenAtMillis + " ms";
        }
        if (freshForMillis < 0 || freshForMillis > MAX_FRESH_MILLIS) {
            return "fresh for " + freshForMillis + " ms";
        }
        if (loadMillis < 0) {
            return "loaded in " + loadMillis + " ms";
        }
        if (generation < 0 || generation > MAX_GENERATION) {
            return "generation " + generation;
        }
        if (schemaVersion < 0 || schemaVersion > MAX_SCHEMA_VERSION) {
            return "schema version " + schemaVersion;
        }
        return null;
    }
}
