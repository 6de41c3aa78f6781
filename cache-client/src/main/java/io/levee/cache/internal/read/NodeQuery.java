package io.levee.cache.internal.read;

import io.levee.cache.internal.generation.Generations;
import io.levee.cache.internal.node.Node;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.internal.transport.Reply;
import io.levee.cache.internal.write.InvalidationJournal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks nodes for keys, stages 2 and 3 of the {@link ReadPath}. A node that has not heard of an invalidation of this process is not
 * asked for that key; and whoever was stopped for a while first asks whether caches were cleared meanwhile.
 */
public final class NodeQuery<K, V> {
    /** So that one call with many keys takes turns with others on the connection, and no request is too long for its timeout. */
    private static final int KEYS_PER_REQUEST = 500;

    private static final Reply BARRED = new Reply.Unavailable(
            Reply.Reason.DISCONNECTED, "an invalidation of this process has not reached the node yet");
    private static final CompletableFuture<Reply> ANSWERED_BARRED = CompletableFuture.completedFuture(BARRED);

    private final InvalidationJournal journal;
    private final Generations generations;
    private final TimeSource time;

    public NodeQuery(InvalidationJournal journal, Generations generations, TimeSource time) {
        this.journal = journal;
        this.generations = generations;
        this.time = time;
    }

    /** Whether to ask makes sense; if not, it would be answered that the node is unavailable. */
    boolean canAsk(Call<K, V> call) {
        return call.node().isServing() && !isBarred(call);
    }

    CompletableFuture<Reply> ask(Call<K, V> call, int leaseSeconds, int recacheSeconds) {
        if (isBarred(call)) {
            return ANSWERED_BARRED;
        }
        if (generations.isConfirmed(time.nanos())) {
            return call.node().get(call.nodeKey(), leaseSeconds, recacheSeconds);
        }
        return generations
                .confirm()
                .thenCompose(known -> call.node().get(call.nodeKey(), leaseSeconds, recacheSeconds));
    }

    /** As {@link #ask} of each call: one request for each node, or a few one after another, and the nodes at the same time. */
    CompletableFuture<List<Reply>> askAll(List<Call<K, V>> calls, int leaseSeconds, int recacheSeconds) {
        return generations.isConfirmed(time.nanos())
                ? askNodes(calls, leaseSeconds, recacheSeconds)
                : generations.confirm().thenCompose(known -> askNodes(calls, leaseSeconds, recacheSeconds));
    }

    private CompletableFuture<List<Reply>> askNodes(List<Call<K, V>> calls, int leaseSeconds, int recacheSeconds) {
        Reply[] replies = new Reply[calls.size()];
        Map<Node, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < replies.length; i++) {
            Call<K, V> call = calls.get(i);
            if (isBarred(call)) {
                replies[i] = BARRED;
            } else {
                places.computeIfAbsent(call.node(), node -> new ArrayList<>()).add(i);
            }
        }
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        places.forEach((node, theirs) ->
                answers.add(new Requests(node, theirs, calls, replies, leaseSeconds, recacheSeconds).from(0)));
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> Arrays.asList(replies));
    }

    private boolean isBarred(Call<K, V> call) {
        return journal.isBarred(call.node(), call.nodeKey());
    }

    /** The requests to one node. Each reply goes to its call's place, which no other request writes to. */
    private final class Requests {
        private final Node node;
        private final List<Integer> places;
        private final List<Call<K, V>> calls;
        private final Reply[] replies;
        private final int leaseSeconds;
        private final int recacheSeconds;

        Requests(
                Node node,
                List<Integer> places,
                List<Call<K, V>> calls,
                Reply[] replies,
                int leaseSeconds,
                int recacheSeconds) {
            this.node = node;
            this.places = places;
            this.calls = calls;
            this.replies = replies;
            this.leaseSeconds = leaseSeconds;
            this.recacheSeconds = recacheSeconds;
        }

        CompletableFuture<Void> from(int first) {
            if (first >= places.size()) {
                return CompletableFuture.completedFuture(null);
            }
            List<Integer> now = places.subList(first, Math.min(places.size(), first + KEYS_PER_REQUEST));
            List<String> keys = now.stream().map(i -> calls.get(i).nodeKey()).toList();
            return node.getAll(keys, leaseSeconds, recacheSeconds).thenCompose(answers -> {
                for (int i = 0; i < now.size(); i++) {
                    replies[now.get(i)] = answers.get(i);
                }
                return from(first + KEYS_PER_REQUEST);
            });
        }
    }
}
