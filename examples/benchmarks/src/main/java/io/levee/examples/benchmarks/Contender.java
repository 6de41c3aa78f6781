package io.levee.examples.benchmarks;

/** One way to get a value by its key. */
interface Contender extends AutoCloseable {
    String name();

    /** Gets the value of a key; what it returns is looked at, so that no work can be left out. */
    Object get(String key);

    @Override
    default void close() {}
}
