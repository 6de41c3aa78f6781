package io.levee.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A real memcached, seen through a proxy that answers every meta command as a server does that has none. */
public final class OldServer implements AutoCloseable {
    private static final Set<String> META = Set.of("mn", "mg", "ms", "md", "ma", "me");
    private static final Set<String> STORING = Set.of("set", "add", "cas");

    private final int port;
    private final ServerSocket listener;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Set<String> words = ConcurrentHashMap.newKeySet();

    /** @param port the memcached's, on the loopback */
    public OldServer(int port) throws IOException {
        this.port = port;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The first words of all that was asked. */
    public Set<String> words() {
        return words;
    }

    private interface Task {
        void run() throws IOException;
    }

    /** Runs it until it is done or a socket fails, which is how each of these ends. */
    private static void daemon(Task task, Closeable... toClose) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One side is gone; the other follows below.
                    }
                    for (Closeable closeable : toClose) {
                        try {
                            closeable.close();
                        } catch (IOException e) {
                            // It is of no use any more.
                        }
                    }
                },
                "old-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
            daemon(() -> up(client, server), client, server);
            daemon(() -> server.getInputStream().transferTo(client.getOutputStream()), client, server);
        }
    }

    private void up(Socket client, Socket server) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = server.getOutputStream();
        for (String line = line(in); line != null; line = line(in)) {
            String[] asked = line.trim().split(" ", -1);
            words.add(asked[0]);
            if (META.contains(asked[0])) {
                if (asked[0].equals("ms")) {
                    in.skipNBytes(Integer.parseInt(asked[2]) + 2);
                }
                // Out of its turn, if other answers are on their way. The client asks nothing else before it knows.
                client.getOutputStream().write("ERROR\r\n".getBytes(ISO_8859_1));
            } else {
                out.write(line.getBytes(ISO_8859_1));
                if (STORING.contains(asked[0])) {
                    out.write(in.readNBytes(Integer.parseInt(asked[4]) + 2));
                }
            }
        }
    }

    /** With its line end; null at the end. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.append((char) b);
            if (b == '\n') {
                return line.toString();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
