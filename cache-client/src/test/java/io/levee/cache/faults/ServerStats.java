package io.levee.cache.faults;

import io.levee.cache.MemcachedLine;
import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a server counts, asked on a connection of one's own. */
final class ServerStats {
    private ServerStats() {}

    /** The items of caches: without the record of generations, which comes to each node within a poll or two. */
    static long values(MemcachedNode node) throws IOException {
        MemcachedLine line = new MemcachedLine(node);
        while (true) {
            boolean before = line.has("%generations");
            long items = number(node, "curr_items");
            if (before == line.has("%generations")) {
                return before ? items - 1 : items;
            }
        }
    }

    /** Without the one that asks. */
    static long connections(MemcachedNode node) throws IOException {
        return number(node, "curr_connections") - 1;
    }

    private static long number(MemcachedNode node, String name) throws IOException {
        Map<String, String> stats = new HashMap<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("stats\r\nquit\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 3) {
                    stats.put(words[1], words[2]);
                }
            }
        }
        return Long.parseLong(stats.get(name));
    }
}
