package io.levee.cache.internal.load;

import io.levee.cache.internal.thread.Timer;
import java.util.concurrent.Callable;

/**
 * The load that the current thread is inside of, and the loads that it is nested in. It lets a loader read other keys under the
 * permit that it holds already, and finds a loader that asks for the very key it is loading.
 */
public final class LoadFrame {
    private static final ThreadLocal<LoadFrame> CURRENT = new ThreadLocal<>();

    private final GuardedLoader<?, ?> loader;
    private final Object key;
    private final LoadFrame outer;
    private LoadPermits lent;

    LoadFrame(GuardedLoader<?, ?> loader, Object key, LoadFrame outer) {
        this.loader = loader;
        this.key = key;
        this.outer = outer;
    }

    /** Null outside any load. */
    public static LoadFrame current() {
        return CURRENT.get();
    }

    /** Runs the innermost load of this frame on the current thread. */
    <T> T call(Callable<T> load) throws Exception {
        LoadFrame before = CURRENT.get();
        CURRENT.set(this);
        try {
            return load.call();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** The innermost load of {@code other}'s, or null. */
    LoadFrame innermostOf(GuardedLoader<?, ?> other) {
        for (LoadFrame frame = this; frame != null; frame = frame.outer) {
            if (frame.loader == other) {
                return frame;
            }
        }
        return null;
    }

    /** The permit of this load, for the loads that it starts: it may be waiting for one of them, and is not waiting for two. */
    synchronized LoadPermits lent(Timer timer) {
        if (lent == null) {
            lent = new LoadPermits("nested", 1, timer);
        }
        return lent;
    }

    boolean isLoading(GuardedLoader<?, ?> other, Object otherKey) {
        for (LoadFrame frame = this; frame != null; frame = frame.outer) {
            if (frame.loader == other && frame.key.equals(otherKey)) {
                return true;
            }
        }
        return false;
    }
}
