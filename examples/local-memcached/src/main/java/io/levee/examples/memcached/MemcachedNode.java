package io.levee.examples.memcached;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A memcached node on the loopback address that can be killed, hung and restarted. It keeps its port from one start to the
 * next, and starts empty each time. It ends with {@link #close}, and with this JVM however that ends.
 *
 * <pre>{@code
 * try (MemcachedNode node = MemcachedNode.builder().connectionLimit(64).start()) {
 *     connectTo(node.address());
 *     node.kill();
 * }
 * }</pre>
 *
 * <p>Thread-safe; a call waits for the one before it.
 */
public final class MemcachedNode implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final int PROBE_MILLIS = 500;
    private static final int ATTEMPTS = 5;
    /**
     * Free ports are taken from below the ranges that systems give to outgoing connections. A client that keeps connecting to a
     * dead node on a port of such a range can be given that very port, and then talks to itself.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 29_999;

    private final NodeLauncher launcher;
    private final NodeOptions options;
    private final boolean portChosen;
    private volatile int port;
    private volatile NodeProcess process;
    private boolean everStarted;
    private boolean closed;

    private MemcachedNode(Builder builder) {
        this.launcher = (builder.binary == null ? MemcachedBinary.find() : builder.binary).launcher();
        this.options = new NodeOptions(
                builder.memoryMegabytes, builder.connectionLimit, builder.maxItemBytes, builder.extraArguments);
        this.portChosen = builder.port == 0;
        this.port = portChosen ? freePort() : builder.port;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts the node and returns when it answers.
     *
     * @throws MemcachedUnavailableException if it does not; the message holds what it printed
     * @throws IllegalStateException if it is running, or closed
     */
    public synchronized MemcachedNode start() {
        if (closed) {
            throw new IllegalStateException("node " + address() + " is closed");
        }
        if (isRunning()) {
            throw new IllegalStateException("node " + address() + " is running already");
        }
        for (int attempt = 1; ; attempt++) {
            try {
                startOnce();
                everStarted = true;
                return this;
            } catch (MemcachedUnavailableException e) {
                // Another process may have taken a port between our finding it free and memcached's binding it.
                if (!portChosen
                        || everStarted
                        || attempt == ATTEMPTS
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                port = freePort();
            }
        }
    }

    /** Ends the node without warning (SIGKILL), hung or not. Does nothing if it is not running. */
    public synchronized void kill() {
        NodeProcess current = process;
        if (current != null) {
            current.kill();
            LiveProcesses.forget(current);
        }
    }

    /**
     * Stops the node from running (SIGSTOP): connections stay open and new ones are still accepted by the system, but nothing is
     * answered until {@link #resume}.
     */
    public synchronized void hang() {
        running("hang").hang();
    }

    /** Lets a hung node go on (SIGCONT). */
    public synchronized void resume() {
        running("resume").resume();
    }

    /** Kills the node if it is running, and starts it again, empty, on the same port. */
    public synchronized MemcachedNode restart() {
        kill();
        return start();
    }

    /** Whether there is a process; a hung one counts. */
    public boolean isRunning() {
        NodeProcess current = process;
        return current != null && current.isAlive();
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The process id on this machine. */
    public synchronized long pid() {
        return running("name the process of").pid();
    }

    /** Kills the node for good. */
    @Override
    public synchronized void close() {
        closed = true;
        kill();
    }

    @Override
    public String toString() {
        return "memcached " + address() + (isRunning() ? "" : " (not running)");
    }

    private NodeProcess running(String verb) {
        if (!isRunning()) {
            throw new IllegalStateException("cannot " + verb + " node " + address() + ": it is not running");
        }
        return process;
    }

    private void startOnce() {
        NodeProcess started;
        try {
            started = LiveProcesses.launch(launcher, options, port);
        } catch (IOException e) {
            throw new MemcachedUnavailableException("memcached could not be started: " + e.getMessage(), e);
        }
        process = started;
        try {
            awaitAnswer(started);
        } catch (MemcachedUnavailableException e) {
            kill();
            throw e;
        }
    }

    private void awaitAnswer(NodeProcess started) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers(started)) {
            if (!started.isAlive()) {
                throw new MemcachedUnavailableException(
                        "memcached ended while starting on " + address() + "; it printed: " + started.output());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new MemcachedUnavailableException("memcached did not answer on " + address() + " within "
                        + START.toSeconds() + " s; it printed: " + started.output());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MemcachedUnavailableException("interrupted while memcached was starting on " + address(), e);
            }
        }
    }

    /**
     * Asks for statistics, which begin with the process id: another memcached may hold the port while ours is about to give up.
     * Reads to the end of the stream, so that the server has let this connection go when a low limit counts it.
     */
    private boolean answers(NodeProcess started) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            socket.getOutputStream().write("stats\r\nquit\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = lines.readLine();
            if (first == null) {
                return false;
            }
            if (first.startsWith("CLIENT_ERROR")) {
                // A node that asks for a password refuses everything, also to quit: this is its answer.
                return started.isAlive();
            }
            String rest = lines.readLine();
            while (rest != null) {
                rest = lines.readLine();
            }
            return started.reportsItsPid() ? first.equals("STAT pid " + started.pid()) : first.startsWith("STAT ");
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
            if (isFree(candidate)) {
                return candidate;
            }
        }
        throw new MemcachedUnavailableException(
                "no free port was found between " + FIRST_PORT + " and " + LAST_PORT + " on 127.0.0.1");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Settings of a node. All have defaults. */
    public static final class Builder {
        private MemcachedBinary binary;
        private int port;
        private int memoryMegabytes = 64;
        private int connectionLimit = 1024;
        private int maxItemBytes = 1024 * 1024;
        private List<String> extraArguments = List.of();

        private Builder() {}

        /** Which memcached; by default what {@link MemcachedBinary#find()} finds. */
        public Builder binary(MemcachedBinary binary) {
            this.binary = binary;
            return this;
        }

        /** The port to listen on; 0, the default, for a free one. */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be 0 to 65535, but is " + port);
            }
            this.port = port;
            return this;
        }

        /** How much memory items may take ({@code -m}); 64 by default. */
        public Builder memoryMegabytes(int memoryMegabytes) {
            this.memoryMegabytes = memoryMegabytes;
            return this;
        }

        /**
         * How many connections the node accepts ({@code -c}); 1024 by default, as memcached's own. It takes this for its limit of
         * open files too, so that some 20 are its own: it does not start with fewer than 24, and with 32 accepts about 16.
         */
        public Builder connectionLimit(int connectionLimit) {
            this.connectionLimit = connectionLimit;
            return this;
        }

        /** The largest item ({@code -I}); 1 MiB by default, as memcached's own. Below 512 KiB, a power of two. */
        public Builder maxItemBytes(int maxItemBytes) {
            this.maxItemBytes = maxItemBytes;
            return this;
        }

        /** More arguments for memcached's command line, after the others. */
        public Builder extraArguments(String... extraArguments) {
            this.extraArguments = List.of(extraArguments);
            return this;
        }

        /** Makes the node without starting it. */
        public MemcachedNode build() {
            return new MemcachedNode(this);
        }

        /** Makes the node and starts it. */
        public MemcachedNode start() {
            return build().start();
        }
    }
}
