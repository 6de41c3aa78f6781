package io.levee.examples.memcached;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs the memcached program as a child of this JVM. */
final class ProgramLauncher implements NodeLauncher {
    private static final Duration SIGNAL = Duration.ofSeconds(10);

    private final Path program;

    ProgramLauncher(Path program) {
        this.program = program;
    }

    @Override
    public NodeProcess launch(NodeOptions options, int port) throws IOException {
        List<String> words =
                new ArrayList<>(List.of(program.toString(), "-l", "127.0.0.1", "-p", Integer.toString(port)));
        if (!options.extraArguments().contains("-u") && PackageInstall.isRoot()) {
            words.add("-u");
            words.add(unprivilegedUser());
        }
        words.addAll(options.arguments());
        return new Program(ChildProcess.start(words));
    }

    /** memcached refuses to run as root unless it is told which user to become. */
    private static String unprivilegedUser() throws IOException {
        Path passwd = Path.of("/etc/passwd");
        List<String> users = Files.exists(passwd) ? Files.readAllLines(passwd) : List.of();
        for (String user : List.of("memcache", "memcached", "nobody")) {
            if (users.stream().anyMatch(line -> line.startsWith(user + ":"))) {
                return user;
            }
        }
        return "root";
    }

    private record Program(ChildProcess child) implements NodeProcess {
        @Override
        public boolean isAlive() {
            return child.isAlive();
        }

        @Override
        public long pid() {
            return child.pid();
        }

        @Override
        public boolean reportsItsPid() {
            return true;
        }

        @Override
        public void kill() {
            child.destroy();
        }

        @Override
        public void hang() {
            signal("STOP");
            awaitStopped();
        }

        @Override
        public void resume() {
            signal("CONT");
        }

        @Override
        public String output() {
            return child.output();
        }

        /** The shell's own kill: the program of that name is missing on small systems. */
        private void signal(String name) {
            Command.Outcome outcome =
                    Command.run(SIGNAL, "sh", "-c", "kill -" + name + " \"$1\"", "sh", Long.toString(pid()));
            if (!outcome.succeeded()) {
                throw new MemcachedUnavailableException(
                        "SIG" + name + " did not reach the memcached process " + pid() + ": " + outcome.lastLine());
            }
        }

        /** A signal is sent before it is obeyed, and each thread stops by itself. Where /proc is missing, this returns at once. */
        private void awaitStopped() {
            long deadline = System.nanoTime() + SIGNAL.toNanos();
            while (isAlive() && !isStopped()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new MemcachedUnavailableException("the memcached process " + pid() + " did not obey SIGSTOP");
                }
                Thread.onSpinWait();
            }
        }

        private boolean isStopped() {
            Path tasks = Path.of("/proc", Long.toString(pid()), "task");
            if (!Files.isDirectory(tasks)) {
                return true;
            }
            try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
                for (Path task : all) {
                    String stat = Files.readString(task.resolve("stat"), StandardCharsets.UTF_8);
                    // The state follows the name, which is in parentheses and may hold anything.
                    if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                return !isAlive();
            }
        }
    }
}
