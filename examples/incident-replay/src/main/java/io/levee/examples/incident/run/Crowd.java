package io.levee.examples.incident.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Other clients of the same nodes, too many of them: together they hold every connection a node will give, lose one now and
 * then, and keep trying for more. That is what 1,200 workers did to a limit of 1,024.
 *
 * <p>Bounded: per node it holds at most the node's limit, and asks for one connection too many every {@link #TICK_MILLIS}.
 */
final class Crowd implements AutoCloseable {
    private static final int TICK_MILLIS = 50;
    private static final int ANSWER_MILLIS = 100;

    private final List<Members> crowds;
    private final int limit;
    private final Object turn = new Object();
    private ScheduledExecutorService thread;

    /** Those at one node, the longest connected first. */
    private record Members(InetSocketAddress node, Deque<Socket> connections) {}

    Crowd(List<InetSocketAddress> nodes, int limit) {
        this.crowds = nodes.stream()
                .map(node -> new Members(node, new ArrayDeque<>()))
                .toList();
        this.limit = limit;
    }

    void come() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "crowd");
            named.setDaemon(true);
            return named;
        });
        press();
        var unused = thread.scheduleWithFixedDelay(this::press, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Does something to a node without the crowd in the way; it presses on right after. */
    void standBack(Runnable action) {
        synchronized (turn) {
            action.run();
            if (thread != null) {
                press();
            }
        }
    }

    void go() {
        close();
    }

    private void press() {
        synchronized (turn) {
            crowds.forEach(this::press);
        }
    }

    private void press(Members members) {
        members.connections().removeIf(connection -> {
            boolean lost = !answers(connection);
            if (lost) {
                drop(connection);
            }
            return lost;
        });
        Socket tired = members.connections().pollFirst();
        if (tired != null) {
            drop(tired);
        }
        boolean accepted = true;
        while (accepted && members.connections().size() < limit) {
            accepted = connect(members);
        }
    }

    private static boolean connect(Members members) {
        Socket connection = new Socket();
        try {
            connection.connect(members.node(), ANSWER_MILLIS);
            connection.setSoTimeout(ANSWER_MILLIS);
        } catch (IOException e) {
            drop(connection);
            return false;
        }
        if (!answers(connection)) {
            drop(connection);
            return false;
        }
        members.connections().addLast(connection);
        return true;
    }

    /** A node at its limit accepts a connection, says ERROR and closes it. */
    private static boolean answers(Socket connection) {
        try {
            connection.getOutputStream().write("mn\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = connection.getInputStream().readNBytes(4);
            return new String(answer, StandardCharsets.US_ASCII).equals("MN\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    private static void drop(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
        synchronized (turn) {
            thread = null;
            for (Members members : crowds) {
                new ArrayList<>(members.connections()).forEach(Crowd::drop);
                members.connections().clear();
            }
        }
    }
}
