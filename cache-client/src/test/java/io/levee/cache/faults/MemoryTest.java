package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much memory calls take that nothing can answer: a JVM with a small fixed heap must do for any number of them. */
class MemoryTest {
    @Test
    void nodeHung_manyCallsThatNobodyWaitsFor_stayWithinTheHeap() throws Exception {
        try (MemcachedNode node = MemcachedNode.builder().start();
                Child child = Child.start("64m", "hung", "400000", node.address())) {
            assertThat(child.line()).isEqualTo("READY UP");
            node.hang();
            child.go();
            child.endsWell();
        }
    }

    @Test
    void nodesDead_millionsOfKeysThroughTheFallback_stayWithinTheHeap() throws Exception {
        try (MemcachedNode node = MemcachedNode.builder().start()) {
            node.kill();
            try (Child child = Child.start("64m", "dead", "10000000", node.address())) {
                assertThat(child.line()).isEqualTo("READY DOWN");
                child.go();
                child.endsWell();
            }
        }
    }

    /** A JVM that runs {@link FixedHeapSite}. */
    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final List<String> lines = new ArrayList<>();

        private Child(Process process) {
            this.process = process;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        static Child start(String heap, String... arguments) throws IOException, URISyntaxException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath(),
                    FixedHeapSite.class.getName()));
            command.addAll(List.of(arguments));
            return new Child(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        }

        /** That of the launcher, and what the launcher itself loads tests from. */
        private static String classPath() throws URISyntaxException {
            List<String> entries = new ArrayList<>(List.of(System.getProperty("java.class.path")));
            if (MemoryTest.class.getClassLoader() instanceof URLClassLoader loader) {
                for (URL url : loader.getURLs()) {
                    URI file = url.toURI();
                    entries.add(Path.of(file).toString());
                }
            }
            return String.join(File.pathSeparator, entries);
        }

        String line() throws IOException {
            String line = output.readLine();
            lines.add(line);
            // The client's own lines come in between.
            while (line != null && !line.startsWith("READY")) {
                line = output.readLine();
                lines.add(line);
            }
            return line;
        }

        void go() throws IOException {
            OutputStream input = process.getOutputStream();
            input.write('\n');
            input.flush();
        }

        void endsWell() throws Exception {
            output.lines().forEach(lines::add);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String said = String.join("\n", lines);
            assertThat(process.exitValue()).as(said).isZero();
            assertThat(said).contains("DONE");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
