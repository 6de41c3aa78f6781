package io.levee.cache.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * Stands between a client and its node, as a proxy in front of memcached does, and can have deletes refused while everything else
 * goes through. The node itself answers the spoiled commands, so that answers stay in order.
 */
final class RefusingProxy implements AutoCloseable {
    private static final String DELETE = "md ";
    /** What an invalidation leaves on a young node: an empty item. */
    private static final Pattern TOMBSTONE = Pattern.compile("ms \\S+ 0 ");

    /** One byte longer than a key may be. */
    private static final String SPOILED = DELETE + "x".repeat(251) + "\r\n";

    private final int nodePort;
    private final ServerSocket server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean refusing;

    RefusingProxy(int nodePort) {
        this.nodePort = nodePort;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    void refuseDeletes(boolean refuse) {
        refusing = refuse;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void start(Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException e) {
                        // One side has closed, and so does the other.
                    }
                },
                "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
            sockets.add(client);
            sockets.add(node);
            start(() -> {
                try (client;
                        node) {
                    node.getInputStream().transferTo(client.getOutputStream());
                }
            });
            start(() -> {
                try (client;
                        node) {
                    forward(new BufferedInputStream(client.getInputStream()), node.getOutputStream());
                }
            });
        }
    }

    private void forward(InputStream from, OutputStream to) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = from.read(); next >= 0; next = from.read()) {
            line.write(next);
            if (next == '\n') {
                String command = line.toString(StandardCharsets.ISO_8859_1);
                boolean buries = TOMBSTONE.matcher(command).lookingAt();
                boolean refused = refusing && (buries || command.startsWith(DELETE));
                to.write(refused ? SPOILED.getBytes(StandardCharsets.ISO_8859_1) : line.toByteArray());
                line.reset();
                if (refused && buries) {
                    // Its data, which is no more than a line end.
                    from.readNBytes(2);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
