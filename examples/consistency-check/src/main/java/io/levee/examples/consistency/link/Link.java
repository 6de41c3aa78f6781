package io.levee.examples.consistency.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
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

    private static final int BUFFER_BYTES = 16 * 1024;

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

    /**
     * Everything passes again, first of all what was held, also from those who have closed their connection by now: their system keeps
     * sending. What is left of a connection that was reset is lost: nobody sends that again.
     */
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

    private synchronized boolean isPaused() {
        return state == State.PAUSED;
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
        private final AtomicInteger directions = new AtomicInteger(2);
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
            boolean late = isPaused();
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
            daemon("link-down", this::pumpDown).start();
            pumpUp(late);
        }

        /** Each direction ends by itself: what a client said last still arrives after it has left. */
        private void pumpUp(boolean lateAtFirst) {
            byte[] buffer = new byte[BUFFER_BYTES];
            boolean late = lateAtFirst;
            try {
                InputStream in = client.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    late |= isPaused();
                    if (!awaitOpen() || ended) {
                        break;
                    }
                    ByteArrayOutputStream said = new ByteArrayOutputStream();
                    said.write(buffer, 0, count);
                    if (late) {
                        readWhatElseWasHeld(said);
                        late = false;
                    }
                    byte[] bytes = said.toByteArray();
                    far.getOutputStream().write(plant == Plant.NONE ? bytes : commands.pass(bytes, bytes.length));
                }
                endOf(far);
            } catch (IOException e) {
                // One side is gone; the other hears of it when its own direction ends.
                shut(client);
            } finally {
                leave();
            }
        }

        /**
         * Takes what came while the link was paused.
         *
         * @throws IOException if the connection was reset
         */
        private void readWhatElseWasHeld(ByteArrayOutputStream said) throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            client.setSoTimeout(1);
            try {
                int count = client.getInputStream().read(buffer);
                while (count >= 0) {
                    said.write(buffer, 0, count);
                    count = client.getInputStream().read(buffer);
                }
            } catch (SocketTimeoutException e) {
                // That was all, and the client is still there.
            } finally {
                client.setSoTimeout(0);
            }
        }

        private void pumpDown() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = far.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (!awaitOpen() || ended) {
                        break;
                    }
                    client.getOutputStream().write(buffer, 0, count);
                }
                endOf(client);
            } catch (IOException e) {
                shut(far);
            } finally {
                leave();
            }
        }

        /** The end of a stream is news too, and is held like the rest. */
        private void endOf(Socket to) throws IOException {
            awaitOpen();
            to.shutdownOutput();
        }

        private void leave() {
            if (directions.decrementAndGet() == 0) {
                end();
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
