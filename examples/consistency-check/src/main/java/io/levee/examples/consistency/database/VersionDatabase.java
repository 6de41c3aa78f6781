package io.levee.examples.consistency.database;

import io.levee.examples.consistency.history.Commit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Versions by item, served to the workers over a local socket. A line asks, a line answers:
 *
 * <pre>
 * hello PROCESS   ->  ok             who asks, first of all
 * read ITEM       ->  VERSION
 * write ITEM      ->  VERSION | busy  takes the item's lock and raises its version, if nobody has the lock
 * release ITEM    ->  ok             gives the lock back
 * </pre>
 *
 * <p>The lock of a connection that ends is kept for {@link #GRACE_MILLIS} more, as lock services do: what its dead holder had sent
 * to memcached has arrived by then.
 *
 * <p>One thread a connection. Thread-safe.
 */
public final class VersionDatabase implements AutoCloseable {
    private static final long GRACE_MILLIS = 1_000;

    private final ServerSocket server;
    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<Commit> commits = new ArrayList<>();
    private final AtomicLong reads = new AtomicLong();

    private VersionDatabase(ServerSocket server) {
        this.server = server;
    }

    public static VersionDatabase open() throws IOException {
        VersionDatabase database = new VersionDatabase(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        daemon("database-accept", database::accept).start();
        return database;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many reads there were. */
    public long reads() {
        return reads.get();
    }

    /** All commits so far, in their order. */
    public List<Commit> commits() {
        synchronized (commits) {
            return List.copyOf(commits);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                daemon("database-connection", () -> serve(socket)).start();
            }
        } catch (IOException e) {
            // The server socket was closed: the run is over.
        }
    }

    private void serve(Socket socket) {
        Object session = new Object();
        String process = "";
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                if (words[0].equals("hello")) {
                    process = words[1];
                }
                out.write((answer(session, process, words[0], words[1]) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The worker was killed; its locks are let go below.
        } finally {
            letGo(session);
        }
    }

    private String answer(Object session, String process, String verb, String item) {
        return switch (verb) {
            case "hello" -> "ok";
            case "read" -> {
                reads.incrementAndGet();
                yield Long.toString(versions.getOrDefault(item, 1L));
            }
            case "write" -> locks.putIfAbsent(item, session) == null ? Long.toString(commit(item, process)) : "busy";
            case "release" -> {
                locks.remove(item, session);
                yield "ok";
            }
            default -> "what?";
        };
    }

    private long commit(String item, String process) {
        synchronized (commits) {
            long start = System.nanoTime();
            // The first version is 1, which nobody wrote: every item has a value from the beginning.
            long version = versions.merge(item, 2L, (old, second) -> old + 1);
            commits.add(new Commit(item, version, process, start, System.nanoTime()));
            return version;
        }
    }

    private void letGo(Object session) {
        if (!locks.containsValue(session)) {
            return;
        }
        try {
            Thread.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        locks.values().removeIf(holder -> holder == session);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
