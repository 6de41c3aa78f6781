package io.levee.examples.memcached;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Installs the system's memcached package with the package manager that is there. */
final class PackageInstall {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration BRIEF = Duration.ofSeconds(10);

    /** A package manager: the commands that install, tried in order until one succeeds. */
    private record PackageManager(String program, boolean asRoot, List<List<String>> commands) {}

    private static final List<PackageManager> KNOWN = List.of(
            new PackageManager(
                    "apt-get",
                    true,
                    List.of(
                            List.of("sh", "-c", apt("")),
                            // The lists may be old, or there may be none, as in a fresh container.
                            List.of("sh", "-c", apt("apt-get -q update && ")))),
            new PackageManager("dnf", true, List.of(List.of("dnf", "install", "-y", "memcached"))),
            new PackageManager("yum", true, List.of(List.of("yum", "install", "-y", "memcached"))),
            new PackageManager("apk", true, List.of(List.of("apk", "add", "--no-cache", "memcached"))),
            new PackageManager("zypper", true, List.of(List.of("zypper", "--non-interactive", "install", "memcached"))),
            new PackageManager("pacman", true, List.of(List.of("pacman", "-Sy", "--noconfirm", "memcached"))),
            new PackageManager("brew", false, List.of(List.of("brew", "install", "memcached"))));

    private PackageInstall() {}

    /** Installs, and returns nothing; or returns why it could not, as the middle of a sentence. */
    static Optional<String> whyNotInstalled(PrintStream out) {
        Optional<PackageManager> there =
                KNOWN.stream().filter(manager -> isThere(manager.program())).findFirst();
        if (there.isEmpty()) {
            return Optional.of("no package manager that this program knows is there to install it");
        }
        PackageManager manager = there.get();
        List<String> prefix = List.of();
        if (manager.asRoot() && !isRoot()) {
            if (!Command.run(BRIEF, "sudo", "-n", "true").succeeded()) {
                return Optional.of(
                        "it cannot be installed, because this user is not root, and sudo is missing or asks for a password");
            }
            prefix = List.of("sudo", "-n");
        }
        out.println("memcached: not found on this machine; installing the package memcached with " + manager.program());
        Command.Outcome outcome = null;
        for (List<String> command : manager.commands()) {
            List<String> words = new ArrayList<>(prefix);
            words.addAll(command);
            outcome = Command.run(LONGEST, words);
            if (outcome.succeeded()) {
                return Optional.empty();
            }
        }
        return Optional.of(manager.program() + " could not install it (" + outcome.lastLine() + ")");
    }

    private static String apt(String before) {
        return "export DEBIAN_FRONTEND=noninteractive; " + before
                + "apt-get -q install -y --no-install-recommends memcached";
    }

    private static boolean isThere(String program) {
        return Command.run(BRIEF, "sh", "-c", "command -v " + program).succeeded();
    }

    static boolean isRoot() {
        return Command.run(BRIEF, "id", "-u").output().strip().equals("0");
    }
}
