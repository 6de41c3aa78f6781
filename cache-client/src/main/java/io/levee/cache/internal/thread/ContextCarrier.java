package io.levee.cache.internal.thread;

/** Takes a caller's context to the client's threads. What a context is, Micrometer's context-propagation says, if it is there. */
interface ContextCarrier {
    ContextCarrier NONE = threads -> threads;

    /** For loads of the thread that this is called on. */
    LoaderThreads carryTo(LoaderThreads threads);

    /** The library's if {@code classes} has it: only then is the class touched that names it. */
    static ContextCarrier foundBy(ClassLoader classes) {
        try {
            Class.forName("io.micrometer.context.ContextSnapshotFactory", false, classes);
        } catch (ClassNotFoundException e) {
            return NONE;
        }
        return MicrometerContext::capture;
    }
}
