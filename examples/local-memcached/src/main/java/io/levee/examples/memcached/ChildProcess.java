package io.levee.examples.memcached;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A child of this JVM whose last output is kept, and which does not outlive this JVM. */
final class ChildProcess {
    private static final int LINES_KEPT = 20;
    private static final long OUTPUT_ENDS_MILLIS = 2_000;

    private final Process process;
    private final Process lifeline;
    private final Thread watch;
    private final Deque<String> lastLines = new ArrayDeque<>();

    private ChildProcess(Process process, List<String> ending) throws IOException {
        this.process = process;
        this.lifeline = lifeline(ending);
        this.watch = new Thread(this::watch, "memcached-watch-" + process.pid());
        watch.setDaemon(true);
        watch.start();
    }

    /** Starts a child that is ended with {@code kill} if this JVM dies. */
    static ChildProcess start(List<String> words) throws IOException {
        Process process = builder(words).start();
        return guarded(process, List.of("kill", "-KILL", Long.toString(process.pid())));
    }

    /** Starts a child that is ended with the command {@code ending} if this JVM dies. */
    static ChildProcess start(List<String> words, List<String> ending) throws IOException {
        return guarded(builder(words).start(), ending);
    }

    private static ChildProcess guarded(Process process, List<String> ending) throws IOException {
        try {
            return new ChildProcess(process, ending);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static ProcessBuilder builder(List<String> words) {
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    /**
     * A shell that waits for the end of its input and then runs the command. The kernel closes that input when this JVM
     * dies, however it dies; shutdown hooks do not run when it is killed or halted, as test runners do.
     */
    private static Process lifeline(List<String> ending) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "sh", "-c", "trap '' INT TERM HUP; while read -r line; do :; done; exec 0</dev/null; \"$@\"", "sh"));
        words.addAll(ending);
        return new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends the child if it is still there, and returns when it is gone. */
    void destroy() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits without giving in to interrupts: a killed process is gone in no time, and the caller relies on it. */
    void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        lifeline.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines that the child printed: all that it ever will, if it has ended. */
    String output() {
        if (!process.isAlive()) {
            try {
                // Bounded: a child of the child may hold the stream open.
                watch.join(OUTPUT_ENDS_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    private void watch() {
        keepLastLines();
        // A child that ended by itself must not be ended again: its id may be another's by then.
        awaitEnd();
    }

    private void keepLastLines() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lastLines) {
                    if (lastLines.size() == LINES_KEPT) {
                        lastLines.removeFirst();
                    }
                    lastLines.addLast(line);
                }
            }
        } catch (IOException e) {
            // The stream closes under the reader when the child is ended; there is nothing more to keep.
        }
    }
}
