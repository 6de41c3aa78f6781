package io.levee.cache.internal.transport;

import io.levee.cache.discovery.NodeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A memcached process of the test's own, on a free port of the loopback. */
final class RealNode implements AutoCloseable {
    private final int port;
    private final List<String> options;
    private Process process;

    private RealNode(List<String> options) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        this.options = options;
        start();
    }

    static RealNode launch(String... options) throws IOException {
        return new RealNode(List.of(options));
    }

    void start() throws IOException {
        List<String> command =
                new ArrayList<>(List.of("memcached", "-p", "" + port, "-U", "0", "-l", "127.0.0.1", "-u", "root"));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await().pollInterval(10, TimeUnit.MILLISECONDS).until(this::accepts);
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    NodeAddress address() {
        return new NodeAddress("127.0.0.1", port, 1);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: connections stand, the kernel still takes bytes and new connections, nobody answers. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
