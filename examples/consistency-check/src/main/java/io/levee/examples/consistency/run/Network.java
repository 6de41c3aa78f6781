package io.levee.examples.consistency.run;

import io.levee.examples.consistency.link.Link;
import io.levee.examples.consistency.link.Plant;
import io.levee.examples.memcached.MemcachedNode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * A link from each worker to each node. All workers know the nodes by the same names, or they would look for keys in different places;
 * each finds other addresses behind them, in a hosts file of its own. The addresses are 127.x.WORKER.NODE, which exist on Linux alone.
 *
 * <p>Workers and nodes count from 1.
 */
final class Network implements AutoCloseable {
    /** Below the ports that systems give to outgoing connections. The same in every run: names and ports place the keys. */
    private static final int PORT = 18_211;

    private static final int ATTEMPTS = 50;

    private final int workers;
    private final int nodes;
    private final Path folder;
    private final List<Link> links = new ArrayList<>();

    private Network(int workers, int nodes, Path folder) {
        this.workers = workers;
        this.nodes = nodes;
        this.folder = folder;
    }

    static Network open(int workers, List<MemcachedNode> nodes, Plant plant, Path folder) throws IOException {
        Network network = new Network(workers, nodes.size(), folder);
        for (int attempt = 1; ; attempt++) {
            try {
                network.listen(ThreadLocalRandom.current().nextInt(1, 255), nodes, plant);
                return network;
            } catch (BindException e) {
                // Another run has these addresses.
                network.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void listen(int block, List<MemcachedNode> memcached, Plant plant) throws IOException {
        for (int worker = 1; worker <= workers; worker++) {
            StringBuilder hosts = new StringBuilder();
            for (int node = 1; node <= nodes; node++) {
                byte[] address = {127, (byte) block, (byte) worker, (byte) node};
                InetAddress inet = InetAddress.getByAddress(address);
                links.add(Link.open(inet, PORT, memcached.get(node - 1).port(), plant));
                hosts.append(inet.getHostAddress()).append(" node").append(node).append('\n');
            }
            Files.writeString(hosts(worker), hosts);
        }
    }

    /** The nodes, as every worker knows them. */
    List<String> names() {
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(n -> "node" + n + ":" + PORT)
                .toList();
    }

    /** Where a worker looks up addresses. */
    Path hosts(int worker) {
        return folder.resolve("hosts-" + worker);
    }

    Link link(int worker, int node) {
        return links.get((worker - 1) * nodes + node - 1);
    }

    @Override
    public void close() throws IOException {
        for (Link link : links) {
            link.close();
        }
        links.clear();
    }
}
