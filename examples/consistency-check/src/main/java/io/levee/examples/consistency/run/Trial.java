package io.levee.examples.consistency.run;

import io.levee.examples.consistency.database.VersionDatabase;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.Terms;
import io.levee.examples.memcached.MemcachedBinary;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run, from the first process to the last: returns what was written down. */
public final class Trial {
    /** How many memcached nodes there are. */
    public static final int NODES = 3;

    /** How long after all have rejoined calls go on, so that what came out wrong is seen. */
    private static final long AFTERMATH_MILLIS = 2_500;

    private final TrialSettings settings;
    private final MemcachedBinary memcached;
    private final Path folder;
    private final PrintStream out;

    /**
     * A run that has not begun.
     *
     * @param folder where histories and logs are kept; it must be there
     * @param out is told how it goes, once a second
     */
    public Trial(TrialSettings settings, MemcachedBinary memcached, Path folder, PrintStream out) {
        this.settings = settings;
        this.memcached = memcached;
        this.folder = folder;
        this.out = out;
    }

    /** Blocks until it is over, some ten seconds longer than the nemesis works. */
    public History run() throws IOException, InterruptedException {
        List<MemcachedNode> nodes = new ArrayList<>();
        try (VersionDatabase database = VersionDatabase.open()) {
            for (int i = 0; i < NODES; i++) {
                nodes.add(MemcachedNode.builder().binary(memcached).start());
            }
            try (Network network = Network.open(settings.workers(), nodes, settings.plant(), folder);
                    Fleet fleet = new Fleet(settings, database.port(), network, folder)) {
                return run(database, nodes, network, fleet);
            }
        } finally {
            nodes.forEach(MemcachedNode::close);
        }
    }

    private History run(VersionDatabase database, List<MemcachedNode> nodes, Network network, Fleet fleet)
            throws IOException, InterruptedException {
        fleet.start();
        Map<String, Integer> nodeOf = Places.find(nodes, settings.keys());
        long start = System.nanoTime();
        Nemesis nemesis = new Nemesis(nodes, network, fleet, settings.workers(), settings.seed());
        watch(fleet, nemesis, start, () -> {
            nemesis.workUntil(start + TimeUnit.SECONDS.toNanos(settings.seconds()));
            Thread.sleep(Terms.ofRun().rejoin().toMillis() + AFTERMATH_MILLIS);
            return null;
        });
        return new History(start, fleet.finish(), database.commits(), nemesis.faults(), nodeOf);
    }

    /** Does it on another thread, and tells how it goes. */
    private void watch(Fleet fleet, Nemesis nemesis, long start, Callable<Void> deed)
            throws IOException, InterruptedException {
        FutureTask<Void> work = new FutureTask<>(deed);
        Thread thread = new Thread(work, "nemesis");
        thread.setDaemon(true);
        thread.start();
        for (int second = 1; ; second++) {
            try {
                work.get(start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime(), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                out.println(String.format(Locale.ROOT, "%4d s %,10d calls  %s", second, fleet.calls(), nemesis.now()));
            } catch (ExecutionException e) {
                throw new IOException("the nemesis failed: " + e.getCause(), e.getCause());
            }
        }
    }
}
