package io.levee.cache.internal.load;

import io.levee.cache.internal.thread.Timer;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The load that the current thread is inside of, and the loads that it is nested in. It lets a loader read other keys under the
 * permit that it holds already, and finds a loader that asks for the very key it is loading.
 *
 * <p>A nested load may outlive the one around it, if nobody waits for it. So a load that has ended counts for nothing here, and lets
 * go of the loads around it: a loader that starts the next load without waiting would otherwise make a chain without end.
 */
public final class LoadFrame {
    private static final ThreadLocal<LoadFrame> CURRENT = new ThreadLocal<>();

    private final GuardedLoader<?, ?> loader;
    private final Set<?> keys;
    private final boolean awaited;
    private final Permit permit;
    private volatile LoadFrame outer;
    private volatile boolean over;
    private LoadPermits turns;

    /**
     * A load that is about to begin.
     *
     * @param keys that it loads
     * @param outer the load that it is part of, or null
     * @param awaited whether the outer load does nothing but wait for this one
     * @param permit this load's own, or its share of an outer load's
     */
    LoadFrame(GuardedLoader<?, ?> loader, Set<?> keys, LoadFrame outer, boolean awaited, Permit permit) {
        this.loader = loader;
        this.keys = keys;
        this.outer = outer;
        this.awaited = awaited;
        this.permit = permit;
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
            over = true;
            outer = null;
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** The innermost load of {@code other}'s that still runs, or null. */
    LoadFrame innermostOf(GuardedLoader<?, ?> other) {
        for (LoadFrame frame = this; frame != null; frame = frame.outer) {
            if (frame.loader == other && !frame.over) {
                return frame;
            }
        }
        return null;
    }

    /** Whether {@code holder}, a load around this one, does nothing but wait for this one. */
    boolean keepsWaiting(LoadFrame holder) {
        LoadFrame frame = this;
        while (frame != null && frame != holder && frame.awaited) {
            frame = frame.outer;
        }
        return frame == holder;
    }

    Permit permit() {
        return permit;
    }

    /**
     * Whose turn it is with this load's permit, of the loads that it starts. One at a time: it may be waiting for one of them, and
     * one that it has ceased to wait for still runs.
     */
    synchronized LoadPermits turns(Timer timer) {
        if (turns == null) {
            turns = new LoadPermits("nested", 1, timer);
        }
        return turns;
    }

    boolean isLoading(GuardedLoader<?, ?> other, Object otherKey) {
        for (LoadFrame frame = this; frame != null; frame = frame.outer) {
            if (!frame.over && frame.loader == other && frame.keys.contains(otherKey)) {
                return true;
            }
        }
        return false;
    }
}
