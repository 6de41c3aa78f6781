package io.levee.examples.consistency.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection of the worker's, and its other half to the node. Two threads: each direction has its own. */
final class Connection {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket client;
    private final Socket far = new Socket();
    private final InetSocketAddress node;
    private final Gate gate;
    private final Plant plant;
    private final Consumer<Connection> whenEnded;
    private final CommandStream commands;
    private final AtomicInteger directions = new AtomicInteger(2);
    private volatile boolean ended;
    private int removals;

    /**
     * A connection that has been accepted.
     *
     * @param number which one of its link it is, from 1
     * @param whenEnded hears of its end, perhaps twice
     */
    Connection(
            Socket client, int number, InetSocketAddress node, Gate gate, Plant plant, Consumer<Connection> whenEnded) {
        this.client = client;
        this.node = node;
        this.gate = gate;
        this.plant = plant;
        this.whenEnded = whenEnded;
        long since = System.nanoTime();
        commands = new CommandStream(command -> {
            long ageMillis = (System.nanoTime() - since) / 1_000_000;
            String changed = plant.changed(command, new Plant.Situation(number, ageMillis, removals));
            removals += Plant.isRemoval(command) ? 1 : 0;
            return changed;
        });
    }

    /** Connects to the node, and carries what the client says. Blocks until it has left. */
    void begin() {
        int pauses = gate.pastPauses();
        try {
            if (!gate.pass()) {
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
        Link.daemon("link-down", this::pumpDown).start();
        pumpUp(pauses);
    }

    /** Each direction ends by itself: what a client said last still arrives after it has left. */
    private void pumpUp(int pausesBefore) {
        byte[] buffer = new byte[BUFFER_BYTES];
        int pauses = pausesBefore;
        try {
            InputStream in = client.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!gate.pass() || ended) {
                    break;
                }
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                said.write(buffer, 0, count);
                if (gate.pastPauses() != pauses) {
                    // It may have been said in a pause, though read only now.
                    pauses = gate.pastPauses();
                    readWhatElseWasHeld(said);
                }
                byte[] bytes = said.toByteArray();
                far.getOutputStream().write(plant == Plant.NONE ? bytes : commands.pass(bytes, bytes.length));
            }
            endOf(far);
        } catch (IOException e) {
            // The client has reset the connection, or the node is gone: there is nothing left to carry.
            end();
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
                if (!gate.pass() || ended) {
                    break;
                }
                client.getOutputStream().write(buffer, 0, count);
            }
            endOf(client);
        } catch (IOException e) {
            // The client has left. What it said before still goes the other way.
            shut(far);
        } finally {
            leave();
        }
    }

    /** The end of a stream is news too, and is held like the rest. */
    private void endOf(Socket to) throws IOException {
        gate.pass();
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

    /** Ends both halves at once. */
    void end() {
        ended = true;
        whenEnded.accept(this);
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
