package io.levee.examples.consistency.run;

import io.levee.examples.consistency.history.HistoryFile;
import io.levee.examples.consistency.history.ProcessHistory;
import io.levee.examples.consistency.worker.Assignment;
import io.levee.examples.consistency.worker.Worker;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker's process, with the same class path as this one. It does not outlive this process, not even when it is stopped. */
final class WorkerProcess {
    private static final int ENDING_SECONDS = 30;

    private final int slot;
    private final Assignment assignment;
    private final Process process;
    private final Process lifeline;
    private volatile long calls;
    private long killedAt = ProcessHistory.NEVER;

    private WorkerProcess(int slot, Assignment assignment, Process process, Process lifeline) {
        this.slot = slot;
        this.assignment = assignment;
        this.process = process;
        this.lifeline = lifeline;
    }

    static WorkerProcess start(int slot, Assignment assignment, Path hosts) throws IOException {
        Path history = assignment.history();
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A short life on a busy machine: compile little, and collect on one thread.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-Djdk.net.hosts.file=" + hosts,
                "-Dconsistency.log=" + history.resolveSibling(assignment.process() + ".log"),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName()));
        words.addAll(assignment.words());
        File errors = history.resolveSibling(assignment.process() + ".err").toFile();
        Process process = new ProcessBuilder(words).redirectError(errors).start();
        WorkerProcess worker = new WorkerProcess(slot, assignment, process, lifeline(process));
        Thread listening = new Thread(worker::listen, "worker-" + assignment.process());
        listening.setDaemon(true);
        listening.start();
        return worker;
    }

    /** A shell that kills the worker when its own input ends, which it does when this process has died, however it died. */
    private static Process lifeline(Process process) throws IOException {
        return new ProcessBuilder(
                        "sh", "-c", "trap '' INT TERM HUP; read -r line; kill -KILL " + process.pid() + " 2>/dev/null")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    String name() {
        return assignment.process();
    }

    /** How many calls it had made when it last said so. */
    long calls() {
        return calls;
    }

    void stop() throws IOException, InterruptedException {
        Signal.STOP.send(process.pid());
    }

    void goOn() throws IOException, InterruptedException {
        Signal.CONT.send(process.pid());
    }

    /** Kills it without warning; returns when it is gone. */
    void kill() throws InterruptedException {
        killedAt = System.nanoTime();
        process.destroyForcibly().waitFor();
        lifeline.destroyForcibly();
    }

    /** Asks it to read everything once more and to end. Does not wait. */
    void finish() throws IOException {
        process.getOutputStream().write("finish\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * Waits for its end.
     *
     * @throws IOException if it does not end by itself, or not well
     */
    void awaitEnd() throws IOException, InterruptedException {
        boolean ended = process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
        lifeline.destroyForcibly();
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("worker " + name() + (ended ? " failed" : " did not end") + "; see " + name()
                    + ".err and " + name() + ".log");
        }
    }

    /** Ends it, if it is still there. */
    void discard() {
        process.destroyForcibly();
        lifeline.destroyForcibly();
    }

    /** What it wrote down, once it has ended. */
    ProcessHistory history() throws IOException {
        return new ProcessHistory(slot, name(), HistoryFile.read(assignment.history()), killedAt);
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("calls ")) {
                    calls = Long.parseLong(line.substring("calls ".length()));
                }
            }
        } catch (IOException e) {
            // It was killed.
        }
    }
}
