package io.levee.cache.internal.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends operations that were not answered in time. All have the same time, so the oldest is always the next to end, and a
 * queue does what a timer would. The entries of answered operations stay in it until they come to the head, but hold
 * nothing: an operation's value must not be kept for the rest of its time.
 *
 * <p>It is also the list of all who wait for an answer, from which a lost connection's are found.
 */
final class TimeoutQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeoutQueue.class);
    private static final long TICK_NANOS = 500_000_000;

    /** Woken this much too late, the whole process was held up, and answers may be waiting in the sockets. */
    private static final long HELD_UP_NANOS = 50_000_000;

    private static final long GRACE_NANOS = 20_000_000;

    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final long timeoutNanos;
    private final Consumer<SpyOperation> expire;
    private final Runnable tick;
    private final Thread thread;

    /** Whether the thread may be parked on an empty queue, and so must be woken for a new entry. */
    private volatile boolean idle;

    private volatile boolean closed;

    /**
     * @param expire ends an operation; called on the queue's thread
     * @param tick called about twice a second, on the queue's thread
     */
    TimeoutQueue(String threadName, long timeoutNanos, Consumer<SpyOperation> expire, Runnable tick) {
        this.timeoutNanos = timeoutNanos;
        this.expire = expire;
        this.tick = tick;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the operation's time. */
    void add(SpyOperation operation) {
        Entry entry = new Entry(operation, System.nanoTime() + timeoutNanos);
        entry.attach();
        queue.add(entry);
        // The thread sets idle and then looks at the queue once more; here it is the other way round. One of us sees.
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Calls {@code action} with each operation that was added before this call and has not been completed. */
    void forEach(Consumer<SpyOperation> action) {
        for (Entry entry : queue) {
            SpyOperation operation = entry.operation;
            if (operation != null) {
                action.accept(operation);
            }
        }
    }

    private void run() {
        long nextTick = System.nanoTime() + TICK_NANOS;
        while (!closed) {
            Entry oldest = oldestWaiting();
            long now = System.nanoTime();
            boolean tickFirst = oldest == null || oldest.deadlineNanos - nextTick > 0;
            long due = tickFirst ? nextTick : oldest.deadlineNanos;
            if (due - now > 0) {
                parkUntil(due, oldest == null);
            } else if (tickFirst) {
                nextTick = now + TICK_NANOS;
                guarded(tick);
            } else {
                queue.poll();
                SpyOperation operation = oldest.operation;
                if (operation != null) {
                    guarded(() -> expire.accept(operation));
                }
            }
        }
    }

    private Entry oldestWaiting() {
        Entry oldest = queue.peek();
        while (oldest != null && oldest.operation == null) {
            queue.poll();
            oldest = queue.peek();
        }
        return oldest;
    }

    private void parkUntil(long due, boolean empty) {
        // Nobody need wake a thread that waits for the oldest: whatever comes now is due later.
        idle = empty;
        if (!empty || queue.isEmpty()) {
            LockSupport.parkNanos(this, due - System.nanoTime());
        }
        idle = false;
        // A dependent of some future may have interrupted this thread, which would then never park again.
        Thread.interrupted();
        if (System.nanoTime() - due > HELD_UP_NANOS) {
            LockSupport.parkNanos(this, GRACE_NANOS);
        }
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("Unexpected error on the timeout thread", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** One operation's place in the queue. */
    static final class Entry {
        private volatile SpyOperation operation;
        private final long deadlineNanos;

        Entry(SpyOperation operation, long deadlineNanos) {
            this.operation = operation;
            this.deadlineNanos = deadlineNanos;
        }

        /** Tells the operation of this entry, which it drops when it is completed. */
        void attach() {
            operation.timeout(this);
        }

        /** Lets go of the operation. */
        void drop() {
            operation = null;
        }
    }
}
