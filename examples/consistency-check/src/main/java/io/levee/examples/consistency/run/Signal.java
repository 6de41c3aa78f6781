package io.levee.examples.consistency.run;

import java.io.IOException;

/** What a process can be sent. */
enum Signal {
    STOP,
    CONT,
    KILL;

    /** Returns when it has been sent. */
    void send(long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name(), Long.toString(pid)).start().waitFor();
    }
}
