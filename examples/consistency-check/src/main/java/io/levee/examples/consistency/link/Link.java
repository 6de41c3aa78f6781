package io.levee.examples.consistency.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between one worker and one node. It listens where the worker looks for the node, and passes on what is said, both ways.
 *
 * <p>Two threads a connection, one a link. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private enum State {
        OPEN,
        PAUSED,
        CUT,
        CLOSED
    }

    private final ServerSocket server;
    private final InetSocketAddress node;
    private final Plant plant;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connected = new AtomicInteger();
    private State state = State.OPEN;

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
    public synchronized void pause() {
        state = State.PAUSED;
    }

    /** Everything passes again, first of all what was held, also from those who have given up by now. */
    public void resume() {
        open();
    }

    /** Everything passes again, but what was held is lost, and connections that were there end. */
    public void resumeEmpty() {
        connections.forEach(Connection::end);
        open();
    }

    /** Ends all connections, and refuses new ones. */
    public void cut() {
        synchronized (this) {
            state = State.CUT;
            notifyAll();
        }
        connections.forEach(Connection::end);
    }

    /** Lets new connections in again after a cut. */
    public void restore() {
        open();
    }

    /** How many connections there have been. */
    public int connected() {
        return connected.get();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            state = State.CLOSED;
            notifyAll();
        }
        server.close();
        connections.forEach(Connection::end);
    }

    private synchronized void open() {
        state = State.OPEN;
        notifyAll();
    }

    /** Waits while the link is paused; false if nothing may pass any more. */
    private synchronized boolean awaitOpen() {
        while (state == State.PAUSED) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return state == State.OPEN;
    }

    private void accept() {
        try {
            while (true) {
                Connection connection = new Connection(server.accept(), connected.incrementAndGet());
                connections.add(connection);
                daemon("link-up", connection::begin).start();
            }
        } catch (IOException e) {
            // The link was closed.
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One connection of the worker's, and its other half to the node. */
    private final class Connection {
        private final Socket client;
        private final Socket far = new Socket();
        private final CommandStream commands;
        private final AtomicInteger pumps = new AtomicInteger(2);
        private volatile boolean ended;
        private int removals;

        Connection(Socket client, int number) {
            this.client = client;
            long since = System.nanoTime();
            commands = new CommandStream(command -> {
                long ageMillis = (System.nanoTime() - since) / 1_000_000;
                String changed = plant.changed(command, new Plant.Situation(number, ageMillis, removals));
                removals += Plant.isRemoval(command) ? 1 : 0;
                return changed;
            });
        }

        void begin() {
            try {
                if (!awaitOpen()) {
                    end();
                    return;
                }
                client.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                far.connect(node);
            } catch (IOException e) {
                // The node is dead, or the client has left.
                end();
                return;
            }
            daemon("link-down", () -> pump(far, client, false)).start();
            pump(client, far, true);
        }

        /** Each direction ends by itself: what a client said last still arrives after it has left. */
        private void pump(Socket from, Socket to, boolean up) {
            byte[] buffer = new byte[16 * 1024];
            try {
                for (int count = from.getInputStream().read(buffer);
                        count >= 0;
                        count = from.getInputStream().read(buffer)) {
                    if (!awaitOpen() || ended) {
                        break;
                    }
                    if (up && plant != Plant.NONE) {
                        to.getOutputStream().write(commands.pass(buffer, count));
                    } else {
                        to.getOutputStream().write(buffer, 0, count);
                    }
                }
                // The end of a stream is news too, and is held as they are.
                awaitOpen();
                to.shutdownOutput();
            } catch (IOException e) {
                // One side is gone; the other hears of it when its own direction ends.
                shut(from);
            } finally {
                if (pumps.decrementAndGet() == 0) {
                    end();
                }
            }
        }

        private void shut(Socket from) {
            try {
                from.shutdownInput();
            } catch (IOException e) {
                // It is gone as well.
            }
        }

        void end() {
            ended = true;
            connections.remove(this);
            closeQuietly(client);
            closeQuietly(far);
        }

        private void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone, which is what was wanted.
            }
        }
    }
}
