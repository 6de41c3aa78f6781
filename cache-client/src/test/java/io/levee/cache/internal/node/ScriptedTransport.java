package io.levee.cache.internal.node;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.transport.NodeConnection;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.transport.Reply.Reason;
import io.levee.cache.internal.transport.Reply.Unavailable;
import io.levee.cache.internal.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Connections that answer as a test says, for orders of events that a real server cannot be made to keep. */
final class ScriptedTransport implements Transport {
    /** What becomes of an attempt to open a connection. */
    interface Opening {
        NodeConnection open(Consumer<String> onLost) throws IOException, InterruptedException;
    }

    private final List<Connection> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Opening opening = onLost -> new Connection(onLost);

    void opening(Opening script) {
        opening = script;
    }

    List<Connection> opened() {
        return opened;
    }

    Connection last() {
        return opened.get(opened.size() - 1);
    }

    int attempts() {
        return attempts.get();
    }

    @Override
    public NodeConnection open(NodeAddress address, Consumer<String> onLost) throws IOException {
        attempts.incrementAndGet();
        try {
            return opening.open(onLost);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {}

    /** Answers everything at once unless told otherwise. */
    final class Connection implements NodeConnection {
        private final Consumer<String> onLost;
        volatile Reply probe = new Reply.Alive();
        /** Answer the next probes, before {@link #probe} does. */
        final Queue<Reply> nextProbes = new ConcurrentLinkedQueue<>();

        volatile Reply version = new Reply.Text("1.6.18");
        volatile Map<String, String> stats = Map.of("uptime", "7", "time", "1000", "pid", "1");
        volatile CompletableFuture<Reply> nextGet;
        volatile boolean alive = true;
        volatile boolean closed;
        volatile int itemLimitBytes;
        volatile boolean classic;
        volatile Duration youngFor = Duration.ZERO;
        final AtomicInteger probes = new AtomicInteger();

        Connection(Consumer<String> onLost) {
            this.onLost = onLost;
            opened.add(this);
        }

        void lose(String reason) {
            alive = false;
            onLost.accept(reason);
        }

        private CompletableFuture<Reply> answer(Reply reply) {
            return CompletableFuture.completedFuture(closed ? new Unavailable(Reason.DISCONNECTED, "closed") : reply);
        }

        @Override
        public void speakClassic() {
            classic = true;
        }

        @Override
        public CompletableFuture<Reply> get(String key, int leaseSeconds, int recacheSeconds) {
            return nextGet == null ? answer(new Reply.Miss(Reply.Lease.NONE, 0)) : nextGet;
        }

        @Override
        public CompletableFuture<List<Reply>> getAll(List<String> keys, int leaseSeconds, int recacheSeconds) {
            Reply one = answer(new Reply.Miss(Reply.Lease.NONE, 0)).join();
            return CompletableFuture.completedFuture(Collections.nCopies(keys.size(), one));
        }

        @Override
        public CompletableFuture<Reply> claim(String key, int leaseSeconds) {
            return get(key, leaseSeconds, 0);
        }

        @Override
        public CompletableFuture<Reply> set(String key, byte[] data, int flags, Duration ttl) {
            return answer(new Reply.Stored());
        }

        @Override
        public CompletableFuture<Reply> fill(String key, byte[] data, int flags, Duration ttl, long token) {
            return answer(new Reply.Stored());
        }

        @Override
        public CompletableFuture<Reply> add(String key, byte[] data, int flags, Duration ttl) {
            return answer(new Reply.Stored());
        }

        @Override
        public CompletableFuture<Reply> reserve(String key, Duration ttl) {
            return answer(new Reply.Reserved(1, true));
        }

        @Override
        public CompletableFuture<Reply> unreserve(String key, long token) {
            return answer(new Reply.Deleted());
        }

        @Override
        public CompletableFuture<Reply> delete(String key) {
            return answer(new Reply.Deleted());
        }

        @Override
        public CompletableFuture<Reply> release(String key, long token) {
            return answer(new Reply.Deleted());
        }

        @Override
        public CompletableFuture<Reply> reopen(String key, long token) {
            return answer(new Reply.Reopened());
        }

        @Override
        public CompletableFuture<Reply> probe() {
            probes.incrementAndGet();
            Reply next = nextProbes.poll();
            if (next != null) {
                return answer(next);
            }
            return probe == null ? new CompletableFuture<>() : answer(probe);
        }

        @Override
        public CompletableFuture<Reply> version() {
            return answer(version);
        }

        @Override
        public CompletableFuture<Reply> stats(String topic) {
            return answer(new Reply.Statistics(topic.isEmpty() ? stats : Map.of("item_size_max", "2097152")));
        }

        @Override
        public void itemLimit(int bytes) {
            itemLimitBytes = bytes;
        }

        @Override
        public void youngFor(Duration time) {
            youngFor = time;
        }

        @Override
        public Duration youngFor() {
            return youngFor;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public boolean isAlive() {
            return alive && !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
