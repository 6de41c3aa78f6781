package io.levee.cache.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One JVM of a fleet, as its parent sees it. It runs a {@link FleetSite}. */
final class FleetProcess implements AutoCloseable {
    /** How an answer begins that is no value. */
    static final String FAILED = "FAILED: ";

    private static final long ANSWER_SECONDS = 120;

    private final int number;
    private final Process process;
    private final Path output;
    private final CompletableFuture<Socket> connected;
    private Socket socket;
    private DataInputStream in;
    private DataOutputStream out;

    /**
     * A JVM that was started.
     *
     * @param output where it writes what it has to say
     * @param connected completes when it is ready for orders
     */
    FleetProcess(int number, Process process, Path output, CompletableFuture<Socket> connected) {
        this.number = number;
        this.process = process;
        this.output = output;
        this.connected = connected;
    }

    int number() {
        return number;
    }

    /** Waits until it is ready for orders. */
    FleetProcess awaitReady() throws IOException, InterruptedException {
        if (socket == null) {
            try {
                socket = connected.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException(this + " did not come up: " + said(), e);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }
        return this;
    }

    /** Has all its threads stand ready to call; {@link #awaitArmed} tells when they do. */
    void arm(String cache, int key) throws IOException {
        out.write('a');
        out.writeUTF(cache);
        out.writeInt(key);
    }

    void awaitArmed() throws IOException {
        if (in.read() != 'a') {
            throw new IllegalStateException(this + " is not ready for a round: " + said());
        }
    }

    /** Lets them go. */
    void go() throws IOException {
        out.write('g');
    }

    /** What its callers got, and how many of them; empty if it was killed before it could tell. */
    Map<String, Integer> answers() throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        try {
            for (int kinds = in.readInt(); kinds > 0; kinds--) {
                String answer = in.readUTF();
                answers.put(answer, in.readInt());
            }
            return answers;
        } catch (EOFException | SocketException e) {
            return Map.of();
        }
    }

    int nodesInUse() throws IOException {
        out.write('n');
        return in.readInt();
    }

    /** Ends it without warning (SIGKILL) and returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private String said() throws IOException {
        return (process.isAlive() ? "" : "ended with " + process.exitValue() + "; ") + Files.readString(output);
    }

    @Override
    public String toString() {
        return "process " + number;
    }

    @Override
    public void close() throws IOException {
        kill();
        Socket open = connected.getNow(null);
        if (open != null) {
            open.close();
        }
        Files.deleteIfExists(output);
    }
}
