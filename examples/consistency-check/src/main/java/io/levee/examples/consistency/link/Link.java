package io.levee.examples.consistency.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between one worker and one node. It listens where the worker looks for the node, and passes on what is said, both ways.
 *
 * <p>Two threads a connection, one a link. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress node;
    private final Plant plant;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connected = new AtomicInteger();
    private final Gate gate = new Gate();

    private Link(ServerSocket server, InetSocketAddress node, Plant plant) {
        this.server = server;
        this.node = node;
        this.plant = plant;
    }

    /**
     * Listens at {@code address} and {@code port}, for the node on this machine that listens at {@code nodePort}.
     *
     * @throws IOException if somebody else listens there
     */
    public static Link open(InetAddress address, int port, int nodePort, Plant plant) throws IOException {
        ServerSocket server = new ServerSocket(port, 50, address);
        Link link = new Link(server, new InetSocketAddress(InetAddress.getLoopbackAddress(), nodePort), plant);
        daemon("link-accept", link::accept).start();
        return link;
    }

    /** From now on nothing passes; what is sent is held. Connections are still accepted, and hear nothing. */
    public void pause() {
        gate.pause();
    }

    /**
     * Everything passes again, first of all what was held, also from those who have closed their connection by now: their system keeps
     * sending. What is left of a connection that was reset is lost: nobody sends that again.
     */
    public void resume() {
        gate.open();
    }

    /** Everything passes again, but what was held is lost, and connections that were there end. */
    public void resumeEmpty() {
        connections.forEach(Connection::end);
        gate.open();
    }

    /** Ends all connections, and refuses new ones. */
    public void cut() {
        gate.shut();
        connections.forEach(Connection::end);
    }

    /** Lets new connections in again after a cut. */
    public void restore() {
        gate.open();
    }

    @Override
    public void close() throws IOException {
        gate.shut();
        server.close();
        connections.forEach(Connection::end);
    }

    private void accept() {
        try {
            while (true) {
                Connection connection = new Connection(
                        server.accept(), connected.incrementAndGet(), node, gate, plant, connections::remove);
                connections.add(connection);
                daemon("link-up", connection::begin).start();
            }
        } catch (IOException e) {
            // The link was closed.
        }
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
