package io.levee.cache.internal.read;

import io.levee.cache.CacheLoader;
import io.levee.cache.internal.load.LoadFrame;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.thread.CallerThread;
import io.levee.cache.internal.thread.ClientThreads;
import io.levee.cache.internal.thread.LoaderThreads;
import io.levee.cache.internal.time.Deadline;
import io.levee.cache.internal.write.WriteBack.Hold;
import io.levee.cache.internal.write.WriteBack.Target;
import java.util.concurrent.Executor;

/**
 * One call on its way through the read path.
 *
 * @param localKey tells the key from others in this process
 * @param nodeKey names it in memcached
 * @param node the node that the ring gives it, or the one that stands in
 * @param standsIn whether it stands in for that one, which is dead
 * @param alsoAt another node that may have the key, and is to be told of a write; or null
 * @param connectionNumber of the node's connection, taken before it is asked: what it answers is good on that one only
 * @param startNanos when the call came in
 * @param generation of the cache, taken with the stamp; anew when a load begins, as what is loaded then is of no earlier one
 * @param stamp of the local tier, taken before the node is asked
 * @param outer the load that this call was made from, or null
 * @param steps runs the call's steps: the calling thread, while it waits, or a thread of the client
 * @param loads runs the loader
 */
record Call<K, V>(
        K key,
        Object localKey,
        String nodeKey,
        Node node,
        boolean standsIn,
        Node alsoAt,
        long connectionNumber,
        CacheLoader<? super K, ? extends V> loader,
        Deadline deadline,
        long startNanos,
        long generation,
        long stamp,
        LoadFrame outer,
        Executor steps,
        LoaderThreads loads) {
    /** Whether the calling thread waits for the result, and so does nothing else meanwhile. */
    boolean isAwaited() {
        return steps instanceof CallerThread;
    }

    Target target(Hold hold) {
        return new Target(key, localKey, nodeKey, node, standsIn, alsoAt, connectionNumber, generation, stamp, hold);
    }

    /** The same call when its load begins: the cache may have been cleared since it came in. */
    Call<K, V> loadingIn(long currentGeneration) {
        return currentGeneration == generation
                ? this
                : new Call<>(
                        key,
                        localKey,
                        nodeKey,
                        node,
                        standsIn,
                        alsoAt,
                        connectionNumber,
                        loader,
                        deadline,
                        startNanos,
                        currentGeneration,
                        stamp,
                        outer,
                        steps,
                        loads);
    }

    /**
     * The same call as the client makes it for itself: its caller has a value, and does not wait. So it is no part of the load that
     * the caller may be in, and takes a permit of its own; but its loader sees the caller's context.
     */
    Call<K, V> behind(ClientThreads threads) {
        return new Call<>(
                key,
                localKey,
                nodeKey,
                node,
                standsIn,
                alsoAt,
                connectionNumber,
                loader,
                deadline,
                startNanos,
                generation,
                stamp,
                null,
                threads.callbacks(),
                loads.withContext());
    }
}
