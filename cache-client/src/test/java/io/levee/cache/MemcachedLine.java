package io.levee.cache;

import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Talks to a node as any other program would: sees what is really there, and writes what Levee never would. */
public final class MemcachedLine {
    private static final int TOMBSTONE_FLAGS = 0x4C54;

    private final MemcachedNode node;

    public MemcachedLine(MemcachedNode node) {
        this.node = node;
    }

    /** The first line of the answer. */
    public String say(String command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is an item, an empty one that holds a lease included; what an invalidation left on a young node is none. */
    public boolean has(String key) {
        String answer = say("mg " + key + " f");
        return !answer.startsWith("EN") && !answer.contains(" f" + TOMBSTONE_FLAGS);
    }

    public boolean hasTombstone(String key) {
        return say("mg " + key + " f").contains(" f" + TOMBSTONE_FLAGS);
    }

    /** Whether there is an item that is more than a lease. */
    public boolean hasValue(String key) {
        String answer = say("mg " + key + " s");
        return answer.startsWith("HD") && !answer.startsWith("HD s0");
    }

    public void store(String key, int flags, String data) {
        String answer = say("set " + key + " " + flags + " 0 " + data.length() + "\r\n" + data);
        if (!answer.equals("STORED")) {
            throw new IllegalStateException(answer);
        }
    }
}
