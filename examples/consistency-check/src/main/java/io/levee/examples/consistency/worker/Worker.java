package io.levee.examples.consistency.worker;

import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.NodeState;
import io.levee.examples.consistency.database.VersionClient;
import io.levee.examples.consistency.history.Event.Farewell;
import io.levee.examples.consistency.history.HistoryFile;
import io.levee.examples.consistency.history.Terms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process of the application. Prints {@code calls N} once a second. Ends when its standard input says {@code finish}, after a last
 * read of every key, and at once when that input ends: then the run has died.
 */
public final class Worker {
    private static final int READY_MILLIS = 1_000;

    private final Assignment assignment;
    private final HistoryFile history;
    private final VersionClient database;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();

    private Worker(Assignment assignment) throws IOException {
        this.assignment = assignment;
        this.history = HistoryFile.create(assignment.history());
        this.database = new VersionClient(assignment.databasePort(), assignment.process());
    }

    public static void main(String[] words) throws Exception {
        // Before its first class is loaded, or it writes to stderr what nobody here wants to read.
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
        new Worker(Assignment.of(words)).work();
    }

    private void work() throws IOException, InterruptedException {
        Terms terms = Terms.ofRun();
        List<String> keys = Assignment.keys(assignment.keys());
        try (CacheClient client = client(terms)) {
            List<Journaled> caches = List.of(
                    journaled(plain(client, terms).build()),
                    journaled(near(client, terms).build()));
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < assignment.threads(); i++) {
                Random random = new Random(assignment.seed() * 1_000 + i);
                callers.add(new Thread(
                        new Caller(caches, keys, assignment.operations(), random, stopped::get), "caller-" + i));
            }
            callers.forEach(Thread::start);
            Thread reporting = new Thread(this::report, "report");
            reporting.setDaemon(true);
            reporting.start();
            awaitFinish();
            for (Thread caller : callers) {
                caller.join();
            }
            caches.forEach(cache -> keys.forEach(cache::lookup));
            history.add(new Farewell(nodesUp(client), System.nanoTime()));
        }
        history.close();
    }

    private CacheClient client(Terms terms) {
        return CacheClient.builder()
                .name(assignment.process())
                .nodes(assignment.nodes().toArray(String[]::new))
                .operationTimeout(terms.answer())
                .connectTimeout(Duration.ofMillis(500))
                .reconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(300))
                .probeInterval(Duration.ofMillis(500))
                .listener(new Witness(history, assignment.nodes()))
                .build();
    }

    private ReadThroughCache.Builder<String, String> plain(CacheClient client, Terms terms) {
        return cache(client, Terms.PLAIN, terms);
    }

    private ReadThroughCache.Builder<String, String> near(CacheClient client, Terms terms) {
        return cache(client, Terms.NEAR, terms)
                .nearCache(terms.near())
                .refreshAfterWrite(terms.fresh().dividedBy(2));
    }

    private ReadThroughCache.Builder<String, String> cache(CacheClient client, String name, Terms terms) {
        VersionLoader loader = new VersionLoader(name, assignment.process(), database, history);
        return client.cache(name, String.class, String.class)
                .loader(loader)
                .bulkLoader(loader)
                .expireAfterWrite(terms.fresh())
                .staleFor(terms.stale())
                .loadWait(Duration.ofSeconds(3))
                .lease(LeasePolicy.on(Duration.ofSeconds(2)));
    }

    private Journaled journaled(ReadThroughCache<String, String> cache) {
        return new Journaled(cache, assignment.process(), database, history, calls);
    }

    private static int nodesUp(CacheClient client) {
        return (int) client.health().nodes().stream()
                .filter(node -> node.state() == NodeState.UP)
                .count();
    }

    private void awaitFinish() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (in.readLine() == null) {
            // The run has died: nobody reads this history.
            Runtime.getRuntime().halt(1);
        }
        stopped.set(true);
    }

    private void report() {
        try {
            while (true) {
                Thread.sleep(READY_MILLIS);
                System.out.println("calls " + calls.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
