package io.levee.examples.consistency.run;

import io.levee.examples.consistency.history.Terms;
import io.levee.examples.consistency.worker.Assignment;
import io.levee.examples.memcached.MemcachedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out which node each item lies on, by asking the nodes what they have. */
final class Places {
    private static final int PATIENCE_SECONDS = 15;

    private final List<MemcachedNode> nodes;
    private final List<String> items = new ArrayList<>();
    private final Map<String, Integer> nodeOf = new HashMap<>();

    private Places(List<MemcachedNode> nodes, int keys) {
        this.nodes = nodes;
        for (String cache : List.of(Terms.PLAIN, Terms.NEAR)) {
            Assignment.keys(keys).forEach(key -> items.add(cache + "/" + key));
        }
    }

    /** Blocks until every item was seen, while the workers fill the caches; what was not seen in time is not in the map. */
    static Map<String, Integer> find(List<MemcachedNode> nodes, int keys) throws IOException, InterruptedException {
        Places places = new Places(nodes, keys);
        long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (places.nodeOf.size() < places.items.size() && System.nanoTime() - deadline < 0) {
            for (int node = 1; node <= nodes.size(); node++) {
                places.look(node);
            }
            Thread.sleep(100);
        }
        return places.nodeOf;
    }

    private void look(int node) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), nodes.get(node - 1).port())) {
            socket.getOutputStream().write("lru_crawler metadump all\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null && line.startsWith("key="); line = lines.readLine()) {
                String key =
                        URLDecoder.decode(line.substring("key=".length(), line.indexOf(' ')), StandardCharsets.UTF_8);
                items.stream().filter(item -> isKeyOf(item, key)).forEach(item -> nodeOf.put(item, node));
            }
        }
    }

    private static boolean isKeyOf(String item, String key) {
        String[] names = item.split("/", -1);
        return key.contains(names[0]) && key.endsWith(":" + names[1]);
    }
}
