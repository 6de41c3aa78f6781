package io.levee.cache.faults;

import io.levee.cache.LeasePolicy;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.client.CacheClient;
import io.levee.cache.monitor.NodeState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a {@link FleetProcess} runs in its JVM: a site with many request threads, which does what its parent says over a socket, and
 * ends when the socket does.
 */
final class FleetSite {
    /** Longer than any test takes, so that no period ends in a round. */
    private static final Duration FRESH = Duration.ofHours(1);
    /** So patient that a busy machine is not taken for a dead node, or a slow load for a lost one. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    static final String NAME = "pages";

    /** Fresh for a period. What has expired may be served for an hour while it is loaded anew. */
    static final String EXPIRING = "pages-that-expire";

    /** Fresh for a period, and never served after it. */
    static final String EXPIRING_FOR_GOOD = "pages-that-expire-for-good";

    /** Refreshed behind a caller after a period. */
    static final String REFRESHED = "pages-that-are-refreshed";

    /** Longer than a round, so that a round has one end of it. */
    static final Duration PERIOD = Duration.ofMillis(3_500);

    static final String SHORT_LEASE = "pages-with-a-short-lease";
    /** memcached counts whole ticks of its clock: such a lease holds for one to two seconds. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final int process;
    private final int callers;
    private final int database;
    private final CacheClient client;
    private final Map<String, ReadThroughCache<Integer, String>> caches;
    private final ExecutorService threads;
    private Round armed;

    private FleetSite(int process, int callers, int database, String[] nodes) {
        this.process = process;
        this.callers = callers;
        this.database = database;
        client = CacheClient.builder()
                .nodes(nodes)
                .operationTimeout(PATIENT)
                .connectTimeout(PATIENT)
                .reconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .build();
        caches = Map.of(
                NAME, cache(NAME).build(),
                SHORT_LEASE, cache(SHORT_LEASE).lease(LeasePolicy.on(SHORT)).build(),
                EXPIRING, expiring(EXPIRING).build(),
                EXPIRING_FOR_GOOD,
                        expiring(EXPIRING_FOR_GOOD).staleFor(Duration.ZERO).build(),
                REFRESHED, cache(REFRESHED).refreshAfterWrite(PERIOD).build());
        threads = Executors.newFixedThreadPool(callers);
    }

    private ReadThroughCache.Builder<Integer, String> cache(String name) {
        return client.cache(name, Integer.class, String.class)
                .loader(key -> FleetDatabase.load(database, process, key))
                .expireAfterWrite(FRESH)
                .loadWait(PATIENT);
    }

    private ReadThroughCache.Builder<Integer, String> expiring(String name) {
        return client.cache(name, Integer.class, String.class)
                .loader(key -> FleetDatabase.load(database, process, key))
                .expireAfterWrite(PERIOD)
                .expiryJitter(0)
                .loadWait(PATIENT);
    }

    /** The parent's port, this process's number, how many threads call, the database's port, and the nodes. */
    public static void main(String[] arguments) throws Exception {
        int process = Integer.parseInt(arguments[1]);
        FleetSite site = new FleetSite(
                process,
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Arrays.copyOfRange(arguments, 4, arguments.length));
        try (Socket parent = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
            parent.setTcpNoDelay(true);
            DataOutputStream out = new DataOutputStream(parent.getOutputStream());
            out.writeInt(process);
            site.obey(new DataInputStream(parent.getInputStream()), out);
        } finally {
            // Whatever threads are left: a child must not outlive its parent.
            Runtime.getRuntime().halt(0);
        }
    }

    private void obey(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        for (int order = in.read(); order != -1; order = in.read()) {
            switch (order) {
                case 'a' -> {
                    armed = new Round(caches.get(in.readUTF()), in.readInt());
                    out.write('a');
                }
                case 'g' -> armed.run(out);
                case 'n' ->
                    out.writeInt((int) client.health().nodes().stream()
                            .filter(node -> node.state() == NodeState.UP)
                            .count());
                default -> throw new IllegalStateException("an unknown order: " + order);
            }
        }
    }

    /** All threads call for one key at the same moment. */
    private final class Round {
        private final ReadThroughCache<Integer, String> cache;
        private final int key;
        private final CountDownLatch ready = new CountDownLatch(callers);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(callers);
        private final Map<String, Integer> answers = new ConcurrentHashMap<>();

        /** Returns when every thread stands at the line. */
        Round(ReadThroughCache<Integer, String> cache, int key) throws InterruptedException {
            this.cache = cache;
            this.key = key;
            for (int i = 0; i < callers; i++) {
                // None ends before all have begun, so that each has a thread of its own.
                Future<?> unused = threads.submit(this::call);
            }
            ready.await();
        }

        private void call() {
            String answer;
            ready.countDown();
            try {
                go.await();
                answer = cache.get(key);
            } catch (Throwable e) {
                answer = FleetProcess.FAILED + e;
            }
            answers.merge(String.valueOf(answer), 1, Integer::sum);
            done.countDown();
        }

        void run(DataOutputStream out) throws IOException, InterruptedException {
            go.countDown();
            done.await();
            out.writeInt(answers.size());
            for (Map.Entry<String, Integer> answer : answers.entrySet()) {
                out.writeUTF(answer.getKey());
                out.writeInt(answer.getValue());
            }
        }
    }
}
