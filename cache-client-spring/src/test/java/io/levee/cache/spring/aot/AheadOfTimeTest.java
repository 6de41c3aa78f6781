package io.levee.cache.spring.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.examples.memcached.MemcachedNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

/**
 * An application that is processed ahead of time, as Spring Boot's build plugins do it: a process that generates code, a compiler, and a
 * process that starts from that code. No node is known to the first.
 */
class AheadOfTimeTest {
    private static final String LIBRARIES = System.getProperty("java.class.path");

    @TempDir
    private Path folder;

    private static MemcachedNode node;

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void application_processedAheadOfTime_readsThroughItsCaches() throws Exception {
        Path sources = folder.resolve("sources");
        Path classes = folder.resolve("classes");
        String exposed = "--management.endpoints.web.exposure.include=levee";

        java(
                LIBRARIES,
                SpringApplicationAotProcessor.class,
                StatsSite.class.getName(),
                sources.toString(),
                classes.toString(),
                classes.toString(),
                "io.levee.test",
                "stats-site",
                exposed);
        compile(sources, classes);
        String said = java(
                classes + File.pathSeparator + LIBRARIES,
                StatsSite.class,
                exposed,
                "--levee.nodes=" + node.address(),
                "--levee.operation-timeout=5s",
                "--levee.connect-timeout=10s",
                "--levee.defaults.expire-after-write=10m",
                "--levee.caches.comments.stale-for=1m",
                "--server.port=0");

        List<String> site = said.lines()
                .filter(line -> line.startsWith("site: "))
                .map(line -> line.substring(6))
                .toList();
        assertThat(site.subList(0, site.size() - 1))
                .as(said)
                .containsExactly(
                        "generated true",
                        "project-stats Stats[project=1, backers=7] true 1",
                        "users [User[id=2, owner=Owner[name=owner 2]]] true 1",
                        "one Stats[project=1, backers=7] true 1",
                        "one Stats[project=1, backers=7] true 2",
                        "answers Stats[project=1, backers=7] true 1",
                        "by-question Stats[project=1, backers=7] true 1",
                        "many {1=Stats[project=1, backers=7], 2=Stats[project=2, backers=7]} true 2",
                        "comments [Comment[text=by 7]] true 1",
                        "comments [Comment[text=by 7]] true 2",
                        "warm Stats[project=5, backers=7]");
        assertThat(site.get(site.size() - 1))
                .startsWith("endpoint 200 ")
                .contains("\"expireAfterWrite\":\"PT10M\"", "\"explanation\":\"");
        assertThat(said).contains("Starting AOT-processed StatsSite");
    }

    /** The processor's own output stands in for both, so that a failure says why. */
    private String java(String classPath, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=" + (main == StatsSite.class),
                "-cp",
                classPath,
                main.getName()));
        Collections.addAll(command, arguments);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int status = process.waitFor();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(status).as(said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-nowarn", "-parameters", "-d", classes.toString(), "-cp", LIBRARIES));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(status).isZero();
    }
}
