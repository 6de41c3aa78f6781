package io.levee.cache.faults;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * JVMs that each run a {@link FleetSite}, with memcached nodes and a {@link FleetDatabase} in common. One that was killed is replaced
 * by a spare one that was started ahead, so that no round waits for a JVM to start.
 */
final class JvmFleet implements AutoCloseable {
    static final int PROCESSES = 4;
    static final int CALLERS = 250;

    /** Small and quick to start: what is measured here is how often they load, not how fast. */
    private static final List<String> OPTIONS =
            List.of("-Xmx128m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final FleetDatabase database = new FleetDatabase();
    private final Cluster cluster;
    private final ServerSocket parent = new ServerSocket(0, PROCESSES, InetAddress.getLoopbackAddress());
    private final Map<Integer, CompletableFuture<Socket>> connections = new ConcurrentHashMap<>();
    private final List<FleetProcess> processes = new ArrayList<>();
    private final Deque<FleetProcess> spares = new ArrayDeque<>();
    private int started;

    private JvmFleet(Cluster cluster) throws IOException {
        this.cluster = cluster;
    }

    /** Starts a fleet, and returns when all of it is ready. */
    static JvmFleet start(Cluster cluster) throws IOException, InterruptedException {
        JvmFleet fleet = new JvmFleet(cluster);
        try {
            Thread reception = new Thread(fleet::receive, "fleet-reception");
            reception.setDaemon(true);
            reception.start();
            for (int i = 0; i < PROCESSES; i++) {
                fleet.processes.add(fleet.launch());
            }
            fleet.spares.add(fleet.launch());
            for (FleetProcess process : fleet.processes) {
                process.awaitReady();
            }
            return fleet;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    FleetDatabase database() {
        return database;
    }

    Cluster cluster() {
        return cluster;
    }

    /** Those that take part in rounds. */
    List<FleetProcess> processes() {
        return List.copyOf(processes);
    }

    FleetProcess process(int number) {
        return processes.stream()
                .filter(process -> process.number() == number)
                .findFirst()
                .orElseThrow();
    }

    /** Puts a spare process into the place of one that was killed, and starts the next spare. */
    void replace(FleetProcess killed) throws IOException, InterruptedException {
        FleetProcess spare = spares.remove().awaitReady();
        processes.set(processes.indexOf(killed), spare);
        killed.close();
        spares.add(launch());
    }

    private FleetProcess launch() throws IOException {
        int number = started++;
        List<String> arguments = new ArrayList<>(List.of(
                Integer.toString(parent.getLocalPort()),
                Integer.toString(number),
                Integer.toString(CALLERS),
                Integer.toString(database.port())));
        arguments.addAll(List.of(cluster.addresses()));
        Path output = Files.createTempFile("levee-fleet-", ".log");
        Process process = ChildJvm.command(FleetSite.class, OPTIONS, arguments)
                .redirectOutput(output.toFile())
                .start();
        return new FleetProcess(number, process, output, connection(number));
    }

    private CompletableFuture<Socket> connection(int number) {
        return connections.computeIfAbsent(number, n -> new CompletableFuture<>());
    }

    private void receive() {
        while (!parent.isClosed()) {
            try {
                Socket child = parent.accept();
                connection(new DataInputStream(child.getInputStream()).readInt())
                        .complete(child);
            } catch (IOException e) {
                // A child that was killed as it came, or the end: who waits for it says so.
            }
        }
    }

    @Override
    public void close() throws IOException {
        processes.addAll(spares);
        for (FleetProcess process : processes) {
            process.close();
        }
        parent.close();
        database.close();
    }
}
