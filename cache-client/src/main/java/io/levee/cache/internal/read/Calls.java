package io.levee.cache.internal.read;

import io.levee.cache.CacheLoader;
import io.levee.cache.CacheSettings;
import io.levee.cache.OutagePolicy;
import io.levee.cache.internal.entry.KeyEncoder;
import io.levee.cache.internal.generation.Generation;
import io.levee.cache.internal.load.LoadFrame;
import io.levee.cache.internal.local.Shelf;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.thread.CallerThread;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.thread.LoaderThreads;
import io.levee.cache.internal.time.Deadline;
import io.levee.cache.internal.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Makes a {@link Call} of a key: names it, finds its node, starts its deadline. */
public final class Calls<K, V> {
    private final KeyEncoder<K> keys;
    private final NodeTier nodes;
    private final Generation generation;
    private final Shelf<V> shelf;
    private final ClientThreads threads;
    private final TimeSource time;
    private final boolean loadsOnCaller;
    private final long deadlineNanos;
    private final long gutterNanos;

    public Calls(
            CacheSettings settings,
            Duration operationTimeout,
            OutagePolicy outage,
            KeyEncoder<K> keys,
            NodeTier nodes,
            Generation generation,
            Shelf<V> shelf,
            ClientThreads threads,
            TimeSource time) {
        this.keys = keys;
        this.nodes = nodes;
        this.generation = generation;
        this.shelf = shelf;
        this.threads = threads;
        this.gutterNanos = outage.gutterTtl().toNanos();
        this.time = time;
        // A thread that runs the loader cannot leave it, so loads that have timeouts run elsewhere.
        this.loadsOnCaller = settings.hardLoadTimeout().isZero();
        this.deadlineNanos = operationTimeout.plus(settings.loadWait()).toNanos();
    }

    Object localKey(K key) {
        return keys.localKey(key);
    }

    /**
     * Called on the calling thread, or for it by who took its steps.
     *
     * @param loader null if the call never loads
     * @param caller the calling thread, which waits for the call's result
     */
    Call<K, V> blocking(K key, CacheLoader<? super K, ? extends V> loader, CallerThread caller) {
        // What never loads takes no context along.
        boolean loadsElsewhere = !loadsOnCaller && loader != null;
        return call(key, loader, caller, LoadFrame.current(), loadsElsewhere ? caller.withContext() : caller);
    }

    /** Called on the calling thread, whose context its loader is to see. */
    Call<K, V> async(K key, CacheLoader<? super K, ? extends V> loader) {
        return call(
                key,
                loader,
                threads.callbacks(),
                LoadFrame.current(),
                threads.loaders().withContext());
    }

    /** As the client makes it by itself, on whatever thread: no part of a load that runs there, and in nobody's context. */
    Call<K, V> own(K key, CacheLoader<? super K, ? extends V> loader) {
        return call(key, loader, threads.callbacks(), null, threads.loaders());
    }

    /** Names a key that is written, and its node; no step of it runs, and it never loads. */
    Call<K, V> ofWrite(K key) {
        return call(key, null, threads.callbacks(), null, threads.loaders());
    }

    /** The same call as of now: its node may have died since, or another may have taken its place. */
    Call<K, V> again(Call<K, V> call) {
        return call(
                call.key(), call.localKey(), call.nodeKey(), call.loader(), call.steps(), call.outer(), call.loads());
    }

    private Call<K, V> call(
            K key, CacheLoader<? super K, ? extends V> loader, Executor steps, LoadFrame outer, LoaderThreads loads) {
        return call(key, keys.localKey(key), keys.encode(key), loader, steps, outer, loads);
    }

    private Call<K, V> call(
            K key,
            Object localKey,
            String nodeKey,
            CacheLoader<? super K, ? extends V> loader,
            Executor steps,
            LoadFrame outer,
            LoaderThreads loads) {
        Node own = nodes.nodeFor(nodeKey);
        Node standIn = gutterNanos > 0 && (!own.isServing() || own.isServingForLessThan(gutterNanos))
                ? nodes.standInFor(nodeKey)
                : null;
        boolean standsIn = standIn != null && !own.isServing();
        Node node = standsIn ? standIn : own;
        return new Call<>(
                key,
                localKey,
                nodeKey,
                node,
                standsIn,
                // A node that stood in until lately may still be read by processes that have not seen the other's
                // return.
                standsIn ? own : standIn,
                node.connectionNumber(),
                loader,
                Deadline.after(deadlineNanos, time),
                time.nanos(),
                generation.current(),
                shelf.stamp(localKey),
                outer,
                steps,
                loads);
    }
}
