package io.levee.examples.consistency.run;

import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.worker.Assignment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The workers. Slots count from 1; one that is killed has a successor in its slot. Thread-safe. */
final class Fleet implements AutoCloseable {
    private final TrialSettings settings;
    private final int databasePort;
    private final Network network;
    private final Path folder;
    private final List<WorkerProcess> current = new ArrayList<>();
    private final List<WorkerProcess> all = new ArrayList<>();

    Fleet(TrialSettings settings, int databasePort, Network network, Path folder) {
        this.settings = settings;
        this.databasePort = databasePort;
        this.network = network;
        this.folder = folder;
    }

    synchronized void start() throws IOException {
        for (int slot = 1; slot <= settings.workers(); slot++) {
            current.add(launch(slot, 1));
        }
    }

    synchronized WorkerProcess worker(int slot) {
        return current.get(slot - 1);
    }

    /** Kills the slot's process and starts its successor, which takes a second or so until it calls. */
    synchronized void replace(int slot) throws IOException, InterruptedException {
        worker(slot).kill();
        long successors = all.stream()
                .filter(worker -> worker.name().startsWith("w" + slot + "."))
                .count();
        current.set(slot - 1, launch(slot, (int) successors + 1));
    }

    /** How many calls all workers have made, those included that are gone. */
    synchronized long calls() {
        return all.stream().mapToLong(WorkerProcess::calls).sum();
    }

    /** Lets all workers end, and returns what all processes wrote down. */
    synchronized List<ProcessHistory> finish() throws IOException, InterruptedException {
        for (WorkerProcess worker : current) {
            worker.finish();
        }
        for (WorkerProcess worker : current) {
            worker.awaitEnd();
        }
        List<ProcessHistory> histories = new ArrayList<>();
        for (WorkerProcess worker : all) {
            histories.add(worker.history());
        }
        return histories;
    }

    @Override
    public synchronized void close() {
        all.forEach(WorkerProcess::discard);
    }

    private WorkerProcess launch(int slot, int number) throws IOException {
        String process = "w" + slot + "." + number;
        Assignment assignment = new Assignment(
                process,
                databasePort,
                network.names(),
                settings.seed() * 31 + slot * 1_000L + number,
                settings.threads(),
                settings.keys(),
                settings.operations(),
                folder.resolve(process + ".history"));
        WorkerProcess worker = WorkerProcess.start(slot, assignment, network.hosts(slot));
        all.add(worker);
        return worker;
    }
}
