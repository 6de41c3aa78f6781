package io.levee.examples.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The site as the build has processed it ahead of time: its beans are made by generated code. */
class AheadOfTimeTest {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @Test
    void processedSite_startsAndAnswers() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-Dspring.aot.enabled=true",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StatsSite.class.getName(),
                        "--server.port=0",
                        "--site.visitors=0",
                        "--site.projects=48",
                        "--site.pledges=4000")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> said = new ArrayList<>();
            int port = 0;
            for (String line = out.readLine(); line != null && port == 0; line = out.readLine()) {
                said.add(line);
                Matcher started = PORT.matcher(line);
                port = started.find() ? Integer.parseInt(started.group(1)) : 0;
            }
            assertThat(port).as(String.join("\n", said)).isPositive();
            assertThat(said).anyMatch(line -> line.contains("Starting AOT-processed StatsSite"));

            SiteClient visitor = new SiteClient(port);
            assertThat(visitor.get("/stats").body()).contains("Town life");
            assertThat(visitor.get("/projects/3").statusCode()).isEqualTo(200);
            assertThat(visitor.get("/").statusCode()).isEqualTo(200);
            assertThat(visitor.get("/ops").statusCode()).isEqualTo(200);
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
