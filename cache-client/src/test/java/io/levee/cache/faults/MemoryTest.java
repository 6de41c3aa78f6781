package io.levee.cache.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

        static Child start(String heap, String... arguments) throws IOException {
            List<String> options = List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC");
            return new Child(ChildJvm.command(FixedHeapSite.class, options, List.of(arguments))
                    .start());
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
