package io.levee.cache.internal.node;

import io.levee.cache.internal.transport.Reply;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Sends over one connection what follows loads: fills, and leases that are given up. Only so many are under way at once, and the rest
 * waits in line: one {@code getAll} sets off thousands at the same moment, more than a connection carries, and nobody waits for them,
 * while readers wait for what they send.
 *
 * <p>What waits is bounded by its bytes; past that it is sent at once, and shed if the connection is full. Thread-safe, never blocks.
 */
final class FollowUps {
    /** A quarter of what a connection carries: the rest is for readers. */
    static final int AT_ONCE = 1024;

    static final long MOST_WAITING_BYTES = 64L << 20;

    /** What one in line takes beside its data, by estimate. */
    private static final int OVERHEAD_BYTES = 256;

    private record Waiting(long bytes, Supplier<CompletableFuture<Reply>> operation, CompletableFuture<Reply> reply) {}

    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Queue<Waiting> line = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();

    /** How often the line was to be looked at since it was last; who raises it from 0 looks, and again for those who came meanwhile. */
    private final AtomicInteger looks = new AtomicInteger();

    /**
     * Sends it now or later, on this thread or on that on which an earlier one ends, and completes as it does.
     *
     * @param dataBytes what it holds on to until it is sent
     */
    CompletableFuture<Reply> send(int dataBytes, Supplier<CompletableFuture<Reply>> operation) {
        if (line.isEmpty() && room.tryAcquire()) {
            return begin(operation);
        }
        long bytes = (long) dataBytes + OVERHEAD_BYTES;
        if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-bytes);
            return operation.get();
        }
        Waiting waiting = new Waiting(bytes, operation, new CompletableFuture<>());
        line.add(waiting);
        moveUp();
        return waiting.reply();
    }

    private CompletableFuture<Reply> begin(Supplier<CompletableFuture<Reply>> operation) {
        CompletableFuture<Reply> sent;
        try {
            sent = operation.get();
        } catch (RuntimeException | Error e) {
            sent = CompletableFuture.failedFuture(e);
        }
        return sent.whenComplete((reply, error) -> {
            room.release();
            moveUp();
        });
    }

    /**
     * Sends those whose turn it is. One thread at a time, which takes over the looks of all others: an operation that ends at once, on a
     * connection that has ended, would otherwise call this again from within, once for each that waits.
     */
    private void moveUp() {
        if (looks.getAndIncrement() > 0) {
            return;
        }
        int taken = 1;
        do {
            while (!line.isEmpty() && room.tryAcquire()) {
                Waiting next = line.poll();
                if (next == null) {
                    room.release();
                    break;
                }
                waitingBytes.addAndGet(-next.bytes());
                Future<?> unused = begin(next.operation()).whenComplete((reply, error) -> {
                    if (error == null) {
                        next.reply().complete(reply);
                    } else {
                        next.reply().completeExceptionally(error);
                    }
                });
            }
            taken = looks.addAndGet(-taken);
        } while (taken > 0);
    }
}
