package io.levee.examples.memcached;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The processes that are to end with this JVM. */
final class LiveProcesses {
    private static final Set<NodeProcess> LIVE = new HashSet<>();
    private static boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(LiveProcesses::endAll, "memcached-end"));
    }

    private LiveProcesses() {}

    /** Launches under the lock of the hook, so that no process slips in between its start and its entry here. */
    static synchronized NodeProcess launch(NodeLauncher launcher, NodeOptions options, int port) throws IOException {
        if (ending) {
            throw new IllegalStateException("this JVM is shutting down; it starts no more memcached nodes");
        }
        NodeProcess process = launcher.launch(options, port);
        LIVE.add(process);
        return process;
    }

    static synchronized void forget(NodeProcess process) {
        LIVE.remove(process);
    }

    private static synchronized void endAll() {
        ending = true;
        LIVE.forEach(NodeProcess::kill);
    }
}
