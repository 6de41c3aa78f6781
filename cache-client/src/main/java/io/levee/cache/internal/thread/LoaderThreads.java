package io.levee.cache.internal.thread;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** Where loaders run: on the thread that called, or on threads of the client, there with or without a caller's context. */
public interface LoaderThreads extends Executor {
    /**
     * The client's threads, for loads that are this caller's. What the calling thread has in its thread-locals is captured once, so
     * this is first called on it.
     */
    default LoaderThreads withContext() {
        return this;
    }

    /** Runs a load on the current thread, which is one of these, in the context that was captured for it, if any. */
    default <T> T call(Callable<T> load) throws Exception {
        return load.call();
    }
}
