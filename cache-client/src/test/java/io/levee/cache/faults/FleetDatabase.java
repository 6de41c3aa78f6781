package io.levee.cache.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The one database of a fleet of processes: a server on a loopback socket, one connection a load. It counts a load when it has
 * read the query, whatever becomes of who asked, and takes 20 to 50 ms for its answer.
 */
final class FleetDatabase implements AutoCloseable {
    /**
     * A query as it arrived.
     *
     * @param process who asked
     * @param ordinal 1 for the key's first
     */
    record Load(int process, int key, int ordinal) {}

    private static final int LEAST_MILLIS = 20;
    private static final int MOST_MILLIS = 50;
    private static final int BACKLOG = 256;

    private final ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Map<Integer, List<Load>> loads = new ConcurrentHashMap<>();
    private volatile Consumer<Load> amidst = load -> {};

    FleetDatabase() throws IOException {
        start("fleet-database", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Says what happens in the middle of each load from now on, on the load's thread. */
    void amidst(Consumer<Load> happening) {
        amidst = happening;
    }

    /** The loads of a key until now, in the order in which they came. */
    List<Load> loadsOf(int key) {
        return List.copyOf(loads.getOrDefault(key, List.of()));
    }

    /** What a process of the fleet calls: loads {@code key} over a connection of its own. */
    static String load(int port, int process, int key) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            // One packet, so that a query arrives as a whole or not at all.
            out.writeLong((long) process << 32 | key);
            return new DataInputStream(socket.getInputStream()).readUTF();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                start("fleet-database-load", () -> answer(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("the fleet's database takes no more queries", e);
                }
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            long query = new DataInputStream(socket.getInputStream()).readLong();
            Load load = count((int) (query >> 32), (int) query);
            long halfNanos = Duration.ofMillis(ThreadLocalRandom.current().nextInt(LEAST_MILLIS, MOST_MILLIS + 1))
                            .toNanos()
                    / 2;
            LockSupport.parkNanos(halfNanos);
            amidst.accept(load);
            LockSupport.parkNanos(halfNanos);
            new DataOutputStream(socket.getOutputStream()).writeUTF(value(load.key(), load.ordinal()));
        } catch (IOException e) {
            // Who asked is gone. The query was counted, if it came.
        }
    }

    private Load count(int process, int key) {
        List<Load> ofKey = loads.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>());
        synchronized (ofKey) {
            Load load = new Load(process, key, ofKey.size() + 1);
            ofKey.add(load);
            return load;
        }
    }

    /** What the load with this ordinal brings. */
    static String value(int key, int ordinal) {
        return "value of " + key + ", load " + ordinal;
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
