package io.levee.examples.consistency.worker;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.WriteFailure;
import io.levee.examples.consistency.history.HistoryFile;
import java.time.Duration;
import java.util.List;

/** Writes down what Levee says of nodes and writes: a busy machine can make a node look dead with no fault of the nemesis's. */
final class Witness implements CacheListener {
    private final HistoryFile history;
    private final List<String> nodes;

    Witness(HistoryFile history, List<String> nodes) {
        this.history = history;
        this.nodes = nodes;
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        history.add(new NodeChange(number(node), true, System.nanoTime(), ""));
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        history.add(new NodeChange(number(node), false, System.nanoTime(), reason));
    }

    @Override
    public void writeFailed(String cache, String key, String reason) {
        history.add(new WriteFailure(cache + "/" + key, System.nanoTime(), reason));
    }

    private int number(NodeAddress node) {
        return nodes.indexOf(node.toString()) + 1;
    }
}
