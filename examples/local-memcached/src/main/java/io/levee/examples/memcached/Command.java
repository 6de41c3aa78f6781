package io.levee.examples.memcached;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it said. */
final class Command {
    /** How a program ended. One that could not be started, or was ended for taking too long, did not succeed. */
    record Outcome(boolean succeeded, String output) {
        /** The last line that says something, which is where programs say what went wrong. */
        String lastLine() {
            return output.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce((first, second) -> second)
                    .orElse("no output");
        }
    }

    private Command() {}

    static Outcome run(Duration limit, List<String> words) {
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
        } catch (IOException e) {
            return new Outcome(false, e.getMessage());
        }
        // Read beside the wait: a program that outlives its limit would hold a reader on this thread for ever.
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome(false, words.get(0) + " did not end within " + limit.toSeconds() + " s");
            }
            return new Outcome(process.exitValue() == 0, output.join());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted while waiting for " + words.get(0));
        }
    }

    static Outcome run(Duration limit, String... words) {
        return run(limit, List.of(words));
    }

    private static String readAll(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
