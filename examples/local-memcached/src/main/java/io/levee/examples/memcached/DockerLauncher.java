package io.levee.examples.memcached;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Runs memcached in a container, its port mapped to the loopback address. */
final class DockerLauncher implements NodeLauncher {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final String image;

    DockerLauncher(String image) {
        this.image = image;
    }

    /**
     * Runs {@code docker run} in the foreground: that program lives exactly as long as its container, and with {@code --rm}
     * ends only when the container is removed and its port free again.
     */
    @Override
    public NodeProcess launch(NodeOptions options, int port) throws IOException {
        String name =
                "levee-memcached-" + port + "-" + UUID.randomUUID().toString().substring(0, 8);
        // Only options are passed: official images and plain ones alike put the program itself before them.
        List<String> words = new ArrayList<>(
                List.of("docker", "run", "--rm", "--name", name, "--publish", "127.0.0.1:" + port + ":11211", image));
        words.addAll(options.arguments());
        return new Container(name, ChildProcess.start(words, List.of("docker", "rm", "--force", name)));
    }

    private record Container(String name, ChildProcess client) implements NodeProcess {
        @Override
        public boolean isAlive() {
            return client.isAlive();
        }

        @Override
        public long pid() {
            return Long.parseLong(
                    docker("inspect", "--format", "{{.State.Pid}}", name).strip());
        }

        @Override
        public boolean reportsItsPid() {
            return false;
        }

        @Override
        public void kill() {
            if (Command.run(LONGEST, "docker", "kill", name).succeeded()) {
                client.awaitEnd();
            } else {
                // There is no such container: not yet, or not any more.
                client.destroy();
                Command.run(LONGEST, "docker", "rm", "--force", name);
            }
        }

        @Override
        public void hang() {
            docker("pause", name);
        }

        @Override
        public void resume() {
            docker("unpause", name);
        }

        @Override
        public String output() {
            return client.output();
        }

        private static String docker(String... words) {
            List<String> command = new ArrayList<>(List.of("docker"));
            command.addAll(List.of(words));
            Command.Outcome outcome = Command.run(LONGEST, command);
            if (!outcome.succeeded()) {
                throw new MemcachedUnavailableException(
                        "\"" + String.join(" ", command) + "\" failed: " + outcome.lastLine());
            }
            return outcome.output();
        }
    }
}
