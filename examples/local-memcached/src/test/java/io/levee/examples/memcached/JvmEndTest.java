package io.levee.examples.memcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No node outlives the JVM that started it. */
class JvmEndTest {
    @Test
    void jvmIsTerminated_runningAndHungNodeAreGoneWithIt() throws Exception {
        Process jvm = otherJvm();
        try {
            List<Integer> ports = ports(jvm);

            jvm.destroy();
            jvm.waitFor();

            assertThat(ports).hasSize(2).allMatch(Wire::refuses);
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void jvmIsKilled_runningAndHungNodeEndSoonAfter() throws Exception {
        Process jvm = otherJvm();
        try {
            List<Integer> ports = ports(jvm);

            jvm.destroyForcibly();
            jvm.waitFor();

            assertThat(ports).hasSize(2);
            await().until(() -> ports.stream().allMatch(Wire::refuses));
        } finally {
            jvm.destroyForcibly();
        }
    }

    private static Process otherJvm() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodesOfAnotherJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<Integer> ports(Process jvm) throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).as("the ports that the other JVM prints").isNotNull();
        List<Integer> ports =
                Stream.of(line.split(" ", -1)).map(Integer::valueOf).toList();
        assertThat(ports).noneMatch(Wire::refuses);
        return ports;
    }
}
