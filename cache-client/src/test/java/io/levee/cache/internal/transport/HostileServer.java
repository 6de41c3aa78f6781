package io.levee.cache.internal.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.levee.cache.discovery.NodeAddress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback that does to each connection what its script says, and then closes it. */
final class HostileServer implements AutoCloseable {
    /** What is done to one connection, on a thread of its own. */
    interface Script {
        void serve(Wire wire) throws Exception;
    }

    /** A request's line, and its key and opaque if it has them. */
    record Request(String line, String key, String opaque) {
        /** The text with this request's key and opaque in the places of {key} and {opaque}. */
        String answer(String template) {
            return template.replace("{key}", key).replace("{opaque}", opaque);
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    HostileServer(Script script) throws IOException {
        this.script = script;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    /** Answers each request by filling in this text. */
    static HostileServer answering(String template) throws IOException {
        return new HostileServer(wire -> {
            for (Request request = wire.next(); request != null; request = wire.next()) {
                wire.send(request.answer(template));
            }
        });
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "hostile-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                accepted.incrementAndGet();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // Closed, which the loop's condition sees.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(new Wire(socket));
        } catch (Exception e) {
            // The client gave the connection up, as most of these scripts want it to.
        }
    }

    NodeAddress address() {
        return new NodeAddress("127.0.0.1", listener.getLocalPort(), 1);
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** The server's side of one connection. */
    static final class Wire {
        /** Where the commands that bring data say its length. */
        private static final Map<String, Integer> LENGTH_AT = Map.of("ms", 2, "set", 4, "add", 4, "cas", 4);

        private final Socket socket;
        private final InputStream in;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** The next request, or null at the end. */
        Request next() throws IOException {
            String line = line();
            if (line == null) {
                return null;
            }
            String[] words = line.split(" ", -1);
            int length = LENGTH_AT.getOrDefault(words[0], 0);
            if (length > 0) {
                in.readNBytes(Integer.parseInt(words[length]) + 2);
            }
            String opaque = "";
            for (String word : words) {
                if (word.matches("O\\d+")) {
                    opaque = word.substring(1);
                }
            }
            return new Request(line, words.length > 1 ? words[1] : "", opaque);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.substring(0, line.length() - 1);
                }
                line.append((char) b);
            }
            return null;
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        /** Ends the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Returns when the client has closed or reset the connection. */
        void awaitEnd() throws IOException {
            try {
                while (in.read() >= 0) {}
            } catch (SocketException e) {
                // Reset.
            }
        }
    }
}
