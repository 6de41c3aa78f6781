package io.levee.examples.consistency.run;

import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.link.Link;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Breaks things, one after another, and mends each before the next: the seed says what, for whom and for how long. Between faults there
 * is a pause, every third time one that is long enough for all to be well again.
 *
 * <p>Confined to the thread that runs it, but for {@link #now} and {@link #faults}.
 */
final class Nemesis {
    private static final int SHORTEST_MILLIS = 600;
    private static final int LONGEST_MILLIS = 2_400;
    private static final int PAUSE_MILLIS = 800;
    private static final int QUIET_MILLIS = 3_500;
    private static final int QUIET_EVERY = 3;

    private final List<MemcachedNode> nodes;
    private final Network network;
    private final Fleet fleet;
    private final int workers;
    private final Random random;
    private final List<Mischief> deck = new ArrayList<>();
    private final List<Fault> faults = Collections.synchronizedList(new ArrayList<>());
    private volatile String now = "";

    Nemesis(List<MemcachedNode> nodes, Network network, Fleet fleet, int workers, long seed) {
        this.nodes = nodes;
        this.network = network;
        this.fleet = fleet;
        this.workers = workers;
        this.random = new Random(seed);
    }

    /** What is broken at this moment, in words; empty if nothing is. */
    String now() {
        return now;
    }

    /** All faults so far that are over. */
    List<Fault> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    /** Works until then, and returns with everything mended. */
    void workUntil(long nanoTime) throws IOException, InterruptedException {
        for (int count = 1; ; count++) {
            sleep(count % QUIET_EVERY == 0 ? QUIET_MILLIS : random.nextInt(PAUSE_MILLIS), nanoTime);
            if (nanoTime - System.nanoTime() < SHORTEST_MILLIS * 1_000_000L) {
                sleep(SHORTEST_MILLIS, nanoTime);
                return;
            }
            doOne(draw(), nanoTime);
        }
    }

    /** Each kind once before any comes twice. */
    private Mischief draw() {
        if (deck.isEmpty()) {
            deck.addAll(List.of(Mischief.values()));
            Collections.shuffle(deck, random);
        }
        return deck.remove(deck.size() - 1);
    }

    private void doOne(Mischief mischief, long until) throws IOException, InterruptedException {
        int node = 1 + random.nextInt(nodes.size());
        int worker = 1 + random.nextInt(workers);
        Set<Integer> some = someWorkers();
        int millis = SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS);
        MemcachedNode memcached = nodes.get(node - 1);
        switch (mischief) {
            case NODE_KILLED ->
                during("node " + node + " killed", node, Set.of(), millis, until, memcached::kill, memcached::start);
            case NODE_HUNG ->
                during("node " + node + " hung", node, Set.of(), millis, until, memcached::hang, memcached::resume);
            case PARTITION ->
                onLinks("cut off, what is sent is late", node, allWorkers(), millis, until, Link::pause, Link::resume);
            case PARTITION_OF_SOME ->
                onLinks("cut off, what is sent is late", node, some, millis, until, Link::pause, Link::resume);
            case LOSSY_PARTITION_OF_SOME ->
                onLinks("cut off, what is sent is lost", node, some, millis, until, Link::pause, Link::resumeEmpty);
            case CUT_OF_SOME -> onLinks("refused", node, some, millis, until, Link::cut, Link::restore);
            case WORKER_KILLED ->
                during(
                        "worker " + worker + " killed",
                        Fault.EVERY_NODE,
                        Set.of(worker),
                        0,
                        until,
                        () -> fleet.replace(worker),
                        () -> {});
            case WORKER_HUNG ->
                during(
                        "worker " + worker + " hung",
                        Fault.EVERY_NODE,
                        Set.of(worker),
                        millis,
                        until,
                        fleet.worker(worker)::stop,
                        fleet.worker(worker)::goOn);
        }
    }

    private void onLinks(
            String what, int node, Set<Integer> slots, int millis, long until, Consumer<Link> begin, Consumer<Link> end)
            throws IOException, InterruptedException {
        String whom = slots.size() == workers
                ? "all workers"
                : slots.size() == 1
                        ? "worker " + slots.iterator().next()
                        : "workers " + slots.stream().map(String::valueOf).collect(Collectors.joining(", "));
        during(
                "node " + node + " and " + whom + ": " + what,
                node,
                slots,
                millis,
                until,
                () -> slots.forEach(slot -> begin.accept(network.link(slot, node))),
                () -> slots.forEach(slot -> end.accept(network.link(slot, node))));
    }

    private interface Deed {
        void perform() throws IOException, InterruptedException;
    }

    private void during(String what, int node, Set<Integer> slots, int millis, long until, Deed breaking, Deed mending)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        now = what;
        breaking.perform();
        try {
            sleep(millis, until);
        } finally {
            mending.perform();
            now = "";
        }
        faults.add(new Fault(what, node, slots, start, System.nanoTime()));
    }

    private Set<Integer> allWorkers() {
        Set<Integer> all = new TreeSet<>();
        for (int worker = 1; worker <= workers; worker++) {
            all.add(worker);
        }
        return all;
    }

    /** At least one, and not all if there are several. */
    private Set<Integer> someWorkers() {
        List<Integer> shuffled = new ArrayList<>(allWorkers());
        Collections.shuffle(shuffled, random);
        int most = Math.max(1, workers - 1);
        return new TreeSet<>(shuffled.subList(0, 1 + random.nextInt(most)));
    }

    private static void sleep(long millis, long until) throws InterruptedException {
        long leftMillis = (until - System.nanoTime()) / 1_000_000;
        Thread.sleep(Math.max(0, Math.min(millis, leftMillis)));
    }
}
