package io.levee.examples.consistency.history;

/**
 * What a worker process did or heard. An item is a key of a cache, {@code plain/i3}. Times are {@link System#nanoTime}, common to all
 * processes of this machine.
 */
public sealed interface Event {
    /** When it began. */
    long start();

    /** When it was over: for a call, after it had returned. */
    long end();

    /** Something that concerns one item. */
    sealed interface OfItem extends Event permits Read, Write, Load, WriteFailure {
        String item();
    }

    /**
     * A call that returned a value, or none, or threw.
     *
     * @param call which method was called
     * @param version of the value; 0 for none
     * @param source where the value came from, if the method tells; else empty
     * @param ageNanos the value's age, if the method tells; else -1
     * @param error what was thrown; empty if nothing was
     */
    record Read(
            String item, String call, long start, long end, long version, String source, long ageNanos, String error)
            implements OfItem {
        public boolean hasValue() {
            return version > 0;
        }
    }

    /**
     * The cache's part of a write step: version {@code version} was committed before {@code start}, and the call returned at
     * {@code end}.
     *
     * @param call {@code put} or {@code invalidate}
     */
    record Write(String item, String call, long start, long end, long version) implements OfItem {
        public boolean isPut() {
            return call.equals("put");
        }
    }

    /** A {@code clear()} of a cache. */
    record Clear(String cache, long start, long end) implements Event {}

    /**
     * The loader ran.
     *
     * @param version what it brought; 0 if it failed
     */
    record Load(String item, long start, long end, long version) implements OfItem {
        public boolean failed() {
            return version == 0;
        }
    }

    /** Levee said that a node is in use, or is not any more. Nodes count from 1. */
    record NodeChange(int node, boolean up, long start, String reason) implements Event {
        @Override
        public long end() {
            return start;
        }
    }

    /** Levee said that a value was not written to its node, or not removed from it. */
    record WriteFailure(String item, long start, String reason) implements OfItem {
        @Override
        public long end() {
            return start;
        }
    }

    /** How many nodes the process had in use at its end. */
    record Farewell(int nodesUp, long start) implements Event {
        @Override
        public long end() {
            return start;
        }
    }
}
