package io.levee.examples.incident;

import java.nio.file.Path;

/** Where log lines go: into a file, because the terminal is taken by the display. */
final class ReplayLog {
    private ReplayLog() {}

    /** To be called before anything logs: both libraries read these properties once. */
    static void writeTo(Path file) {
        System.setProperty("incident.log", file.toString());
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SLF4JLogger");
    }
}
