package io.levee.cache.internal.thread;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.Callable;

/** One caller's context, by Micrometer's context-propagation. The only class that names that library. */
final class MicrometerContext implements LoaderThreads {
    /** What the caller does not have, a loader does not see either, and what a loader leaves is removed. */
    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().clearMissing(true).build();

    private final LoaderThreads threads;
    private final ContextSnapshot snapshot;

    private MicrometerContext(LoaderThreads threads, ContextSnapshot snapshot) {
        this.threads = threads;
        this.snapshot = snapshot;
    }

    static LoaderThreads capture(LoaderThreads threads) {
        return new MicrometerContext(threads, SNAPSHOTS.captureAll());
    }

    @Override
    public void execute(Runnable step) {
        threads.execute(step);
    }

    // Around the loader and not around the step: an accessor that throws fails the load, and loses no step.
    @Override
    public <T> T call(Callable<T> load) throws Exception {
        return snapshot.wrap(load).call();
    }
}
