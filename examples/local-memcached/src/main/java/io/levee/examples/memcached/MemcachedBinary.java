package io.levee.examples.memcached;

import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A memcached that nodes can be started from: a program on this machine, or an image in a Docker engine.
 *
 * <p>{@link #find} settles for the first of these that is there: a {@code memcached} program on the path or in the usual
 * places; a Docker engine that has, or can pull, the image; the system's package, which it installs after saying so.
 *
 * <p>Settings, as a system property or an environment variable:
 *
 * <ul>
 *   <li>{@code levee.memcached.image}, {@code LEVEE_MEMCACHED_IMAGE}: the image to use with Docker, {@code memcached:1.6} by
 *       default;
 *   <li>{@code levee.memcached.install}, {@code LEVEE_MEMCACHED_INSTALL}: {@code false} forbids installing anything.
 * </ul>
 */
public final class MemcachedBinary {
    private static final List<String> USUAL_PLACES =
            List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin");
    private static final Duration ENGINE_ANSWERS = Duration.ofSeconds(10);
    private static final Duration PULL = Duration.ofMinutes(3);

    private final NodeLauncher launcher;
    private final String description;

    private MemcachedBinary(NodeLauncher launcher, String description) {
        this.launcher = launcher;
        this.description = description;
    }

    /** As {@link #find(PrintStream)}, speaking on the error stream. */
    public static MemcachedBinary find() {
        return find(System.err);
    }

    /**
     * Finds a memcached, or installs one.
     *
     * @param out where to say, beforehand, what takes long or changes the machine; silent if nothing does
     * @throws MemcachedUnavailableException if there is none to be had; the message says what to do
     */
    public static MemcachedBinary find(PrintStream out) {
        return find(searchPath(), out);
    }

    static MemcachedBinary find(List<Path> places, PrintStream out) {
        Optional<MemcachedBinary> program = program(places);
        if (program.isPresent()) {
            return program.get();
        }
        String image = setting("levee.memcached.image", "LEVEE_MEMCACHED_IMAGE", "memcached:1.6");
        Optional<String> noDocker = whyNoImage(image, out);
        if (noDocker.isEmpty()) {
            return dockerImage(image);
        }
        if (!Boolean.parseBoolean(setting("levee.memcached.install", "LEVEE_MEMCACHED_INSTALL", "true"))) {
            throw new MemcachedUnavailableException("No memcached program was found, " + noDocker.get()
                    + ", and installing is forbidden by levee.memcached.install. Install the package memcached"
                    + " and run this again.");
        }
        Optional<String> notInstalled = PackageInstall.whyNotInstalled(out);
        if (notInstalled.isPresent()) {
            throw new MemcachedUnavailableException("No memcached program was found, " + noDocker.get() + ", and "
                    + notInstalled.get() + ". Install the package memcached and run this again.");
        }
        return program(places)
                .orElseThrow(
                        () -> new MemcachedUnavailableException("The package memcached was installed, but the program"
                                + " memcached is in none of " + places + ". Put it on the PATH and run this again."));
    }

    /** The memcached program at this path. */
    public static MemcachedBinary executable(Path program) {
        return new MemcachedBinary(new ProgramLauncher(program), program.toString());
    }

    /** The memcached in this image of the Docker engine that the {@code docker} program talks to. */
    public static MemcachedBinary dockerImage(String image) {
        return new MemcachedBinary(new DockerLauncher(image), "Docker image " + image);
    }

    NodeLauncher launcher() {
        return launcher;
    }

    /** Where this memcached comes from, in words. */
    @Override
    public String toString() {
        return description;
    }

    private static Optional<MemcachedBinary> program(List<Path> places) {
        return places.stream()
                .map(place -> place.resolve("memcached"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(MemcachedBinary::executable);
    }

    private static List<Path> searchPath() {
        List<Path> places = new ArrayList<>();
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String place : path.split(File.pathSeparator, -1)) {
            if (!place.isEmpty()) {
                places.add(Path.of(place));
            }
        }
        USUAL_PLACES.forEach(place -> places.add(Path.of(place)));
        return places;
    }

    /** Why the image cannot be used, as the middle of a sentence; empty if it can. */
    private static Optional<String> whyNoImage(String image, PrintStream out) {
        if (!Command.run(ENGINE_ANSWERS, "docker", "version", "--format", "{{.Server.Version}}")
                .succeeded()) {
            return Optional.of("no Docker engine answers");
        }
        if (Command.run(ENGINE_ANSWERS, "docker", "image", "inspect", image).succeeded()) {
            return Optional.empty();
        }
        out.println("memcached: there is no program of that name here; pulling the Docker image " + image);
        Command.Outcome pull = Command.run(PULL, "docker", "pull", "--quiet", image);
        return pull.succeeded()
                ? Optional.empty()
                : Optional.of("the Docker image " + image + " could not be pulled (" + pull.lastLine() + ")");
    }

    private static String setting(String property, String variable, String byDefault) {
        String value = System.getProperty(property, System.getenv(variable));
        return value == null || value.isBlank() ? byDefault : value.strip();
    }
}
