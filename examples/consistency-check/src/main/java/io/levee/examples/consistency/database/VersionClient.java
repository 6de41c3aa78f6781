package io.levee.examples.consistency.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A worker's way to the {@link VersionDatabase}: a pool of connections, each carrying one question at a time. Thread-safe; calls
 * block until the answer is there.
 */
public final class VersionClient {
    private final int port;
    private final String process;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

    public VersionClient(int port, String process) {
        this.port = port;
        this.process = process;
    }

    /** The item's version now. */
    public long read(String item) throws IOException {
        Connection connection = borrow();
        long version = Long.parseLong(connection.ask("read " + item));
        idle.add(connection);
        return version;
    }

    /** What is done with a new version while its item is locked. */
    @FunctionalInterface
    public interface Step {
        void with(long version);
    }

    /**
     * Raises the item's version and runs {@code step} with it, while nobody else can write the item.
     *
     * @return the version; empty if somebody else is writing the item, and then nothing was done
     */
    public OptionalLong write(String item, Step step) throws IOException {
        Connection connection = borrow();
        String answer = connection.ask("write " + item);
        OptionalLong version = answer.equals("busy") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(answer));
        if (version.isPresent()) {
            try {
                step.with(version.getAsLong());
            } finally {
                // On the connection that took it: the lock is the connection's.
                connection.ask("release " + item);
            }
        }
        idle.add(connection);
        return version;
    }

    private Connection borrow() throws IOException {
        Connection connection = idle.poll();
        if (connection != null) {
            return connection;
        }
        Connection fresh = new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
        fresh.ask("hello " + process);
        return fresh;
    }

    /** One question at a time. */
    private static final class Connection {
        private final Socket socket;
        private final BufferedReader in;

        Connection(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("the database is gone");
            }
            return answer;
        }
    }
}
