package io.levee.cache.internal.generation;

import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.node.NodeTier;
import io.levee.cache.internal.thread.Timer;
import io.levee.cache.internal.time.TimeSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges what is known with all nodes in use: again and again, and when somebody must be sure now.
 *
 * <p>A round confirms the knowledge when every node in use has answered or given up, and as of the moment when they were asked: an
 * answer may have lain in a socket while this process was stopped. A node that does not answer changes nothing: it is asked again a
 * second later, and a clearing is told to the others too.
 *
 * <p>Thread-safe; never blocks. Steps run on the timer's thread.
 */
final class Poll {
    private static final Logger LOG = LoggerFactory.getLogger(Poll.class);

    /** Callers who must be sure, while a node does not answer, ask four times a second together, and not each. */
    private static final long SHARED_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final double JITTER = 0.2;

    private record Round(long sentNanos, CompletableFuture<Void> done) {}

    private final NodeTier nodes;
    private final Knowledge knowledge;
    private final Exchange exchange;
    private final Function<Node, Replica> replicas;
    private final Timer timer;
    private final TimeSource time;
    private final long intervalNanos;
    private final AtomicReference<Round> latest = new AtomicReference<>();
    private final AtomicLong confirmedNanos;
    private volatile boolean stopped;

    Poll(
            NodeTier nodes,
            Knowledge knowledge,
            Exchange exchange,
            Function<Node, Replica> replicas,
            Timer timer,
            TimeSource time,
            long intervalNanos) {
        this.nodes = nodes;
        this.knowledge = knowledge;
        this.exchange = exchange;
        this.replicas = replicas;
        this.timer = timer;
        this.time = time;
        this.intervalNanos = intervalNanos;
        // A node that comes into use is asked before it does.
        this.confirmedNanos = new AtomicLong(time.nanos());
    }

    /** Asks now, and from now on again and again. */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> first = round();
        schedule();
        return first;
    }

    void stop() {
        stopped = true;
    }

    /** When those nodes were asked whose answers confirmed the knowledge last, on the monotonic clock. */
    long confirmedNanos() {
        return confirmedNanos.get();
    }

    boolean isAnyNodeServing() {
        return nodes.nodes().stream().anyMatch(Node::isServing);
    }

    /** Exchanges with every node in use; completes when each has answered or given up. */
    CompletableFuture<Void> round() {
        Round last = latest.get();
        long nowNanos = time.nanos();
        if (last != null && nowNanos - last.sentNanos < SHARED_FOR_NANOS) {
            return last.done;
        }
        Round mine = new Round(nowNanos, new CompletableFuture<>());
        if (!latest.compareAndSet(last, mine)) {
            return latest.get().done;
        }
        Future<?> unused = exchangeWithAll()
                .thenCompose(answers -> heard(nowNanos))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.error("A poll of the generations failed", failure);
                    }
                    mine.done.complete(null);
                });
        return mine.done;
    }

    /** Tells every node in use; completes with the highest generation of a cache that any of them had before it was told. */
    CompletableFuture<Long> tellAll(String cache) {
        return exchangeWithAll()
                .thenApply(answers -> answers.stream()
                        .flatMap(Optional::stream)
                        .mapToLong(theirs -> theirs.of(cache))
                        .max()
                        .orElse(0));
    }

    /** Completes when every node in use has answered or given up. */
    private CompletableFuture<List<Optional<GenerationRecord>>> exchangeWithAll() {
        List<CompletableFuture<Optional<GenerationRecord>>> answers =
                serving().map(node -> exchange.with(replicas.apply(node))).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<?> heard(long askedNanos) {
        confirmedNanos.accumulateAndGet(askedNanos, (one, other) -> other - one > 0 ? other : one);
        List<String> all =
                nodes.nodes().stream().map(node -> node.address().toString()).toList();
        // By name, so that processes that begin at the same time do so on the same node, where one of them is first.
        Optional<Node> first =
                serving().min(Comparator.comparing(node -> node.address().toString()));
        return knowledge.isWithoutRecord(all) && first.isPresent()
                ? exchange.begin(replicas.apply(first.get()), GenerationRecord.ofBase(Knowledge.at(time.millis())))
                : CompletableFuture.completedFuture(null);
    }

    private Stream<Node> serving() {
        return nodes.nodes().stream().filter(Node::isServing);
    }

    private void schedule() {
        double jittered = intervalNanos
                * (1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble());
        Future<?> unused = timer.after((long) jittered, this::tick);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        try {
            Future<?> unused = round();
        } finally {
            schedule();
        }
    }
}
