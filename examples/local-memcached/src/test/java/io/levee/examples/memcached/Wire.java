package io.levee.examples.memcached;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A raw connection to a node: sends a line, reads a line. */
final class Wire implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;

    Wire(int port, int readMillis) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        socket.setSoTimeout(readMillis);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    static Wire to(MemcachedNode node) throws IOException {
        return new Wire(node.port(), 5_000);
    }

    static boolean refuses(int port) {
        try (Wire wire = new Wire(port, 1)) {
            return wire.socket.isClosed();
        } catch (IOException e) {
            return true;
        }
    }

    String ask(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return in.readLine();
    }

    /** The answer to {@code stats} for one name. */
    String statistic(String topic, String name) throws IOException {
        String value = null;
        for (String line = ask("stats" + topic); !line.equals("END"); line = in.readLine()) {
            if (line.startsWith("STAT " + name + " ")) {
                value = line.substring(6 + name.length());
            }
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
