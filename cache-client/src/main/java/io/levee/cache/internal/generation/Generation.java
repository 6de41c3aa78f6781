package io.levee.cache.internal.generation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The generation of one cache, as this process knows it. It only rises. Entries of a lower one were written before the cache was
 * cleared.
 */
public final class Generation {
    private final List<Runnable> onRise = new CopyOnWriteArrayList<>();

    /** Rises under this object's monitor; read without. */
    private volatile long current;

    Generation() {}

    /** One volatile read. 0 while nothing is known: then entries of any generation count. */
    public long current() {
        return current;
    }

    /**
     * Has something done whenever the generation has risen, by this process or by another: what is held of the cache is to be
     * dropped then.
     *
     * @param step short; must not block, throw or call users' code. Runs on the thread that learned of it (the clearing
     *     caller's, the timer, a node's supervisor), one at a time, when {@link #current} has risen already: who looks at {@code
     *     current} after a stamp was changed by this must see the new one
     */
    public void whenRisen(Runnable step) {
        onRise.add(step);
    }

    /** Also waits while another thread makes it rise: whoever returns from here may rely on the steps having run. */
    synchronized void rise(long generation) {
        if (generation > current) {
            current = generation;
            onRise.forEach(Runnable::run);
        }
    }
}
