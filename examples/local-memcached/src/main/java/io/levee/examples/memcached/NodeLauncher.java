package io.levee.examples.memcached;

import java.io.IOException;

/** Starts a memcached process. */
interface NodeLauncher {
    /** Starts a process that is to listen on this port of the loopback address; does not wait until it does. */
    NodeProcess launch(NodeOptions options, int port) throws IOException;
}
