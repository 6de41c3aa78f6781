package io.levee.cache.internal.write;

import io.levee.cache.internal.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The keys whose newest invalidation one node has not acknowledged. Until it has, the node is not believed about them.
 *
 * <p>Bounded. When there are too many, the keys are forgotten and the node is believed about none; when it can be reached again, what
 * was loaded before that moment is refused from then on ({@link #refuseLoadedBefore}).
 *
 * <p>Thread-safe, never blocks for long. A key may be missed again while it is being made up for: then it stays.
 */
final class NodeJournal {
    /** Some 300 bytes of heap each. */
    static final int MOST_KEYS = 10_000;

    /** A key as it stood when it was to be made up for. */
    record Missed(String key, long sequence) {}

    private final Map<String, Long> sequences = new ConcurrentHashMap<>();
    private final AtomicBoolean retrying = new AtomicBoolean();
    private volatile Node node;
    private long lastSequence;
    private volatile boolean overflowed;
    private volatile long refusedBeforeMillis = Long.MIN_VALUE;

    /** @param from the node as its callers know it now: one that left and came back is another object */
    synchronized void missed(Node from, String key) {
        node = from;
        if (overflowed) {
            return;
        }
        sequences.put(key, ++lastSequence);
        if (sequences.size() > MOST_KEYS) {
            overflowed = true;
            sequences.clear();
        }
    }

    /** The node that a key was last missed by. */
    Node node() {
        return node;
    }

    /** Whether the caller is the one to retry from now on, until {@link #endRetry}. */
    boolean beginRetry() {
        return retrying.compareAndSet(false, true);
    }

    /** Whoever adds a key from now on begins anew; a key that was added just before is the caller's to look for. */
    void endRetry() {
        retrying.set(false);
    }

    boolean isBarred(String key) {
        return overflowed || sequences.containsKey(key);
    }

    boolean isEmpty() {
        return !overflowed && sequences.isEmpty();
    }

    boolean hasOverflowed() {
        return overflowed;
    }

    /** At most {@code most} of the keys. */
    List<Missed> some(int most) {
        List<Missed> some = new ArrayList<>();
        for (Map.Entry<String, Long> entry : sequences.entrySet()) {
            if (some.size() == most) {
                break;
            }
            some.add(new Missed(entry.getKey(), entry.getValue()));
        }
        return some;
    }

    /** The node has acknowledged it, unless it was missed again since. */
    synchronized void madeUpFor(Missed missed) {
        sequences.remove(missed.key(), missed.sequence());
    }

    /** The node has a newer value than any that was to be removed. */
    synchronized void overwritten(String key) {
        sequences.remove(key);
    }

    /**
     * The forgotten keys are made up for by refusing whatever was loaded before a moment, on the clock of who loaded it.
     *
     * @param millis gives the moment; asked when no key is being forgotten, or one might be that the moment does not cover
     */
    synchronized void refuseLoadedBefore(LongSupplier millis) {
        refusedBeforeMillis = millis.getAsLong();
        overflowed = false;
    }

    long refusedBeforeMillis() {
        return refusedBeforeMillis;
    }
}
