package io.levee.examples.incident.client;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import java.time.Duration;

/** Passes on what Levee says of its nodes. */
final class ObservedNodes implements CacheListener {
    private final NodeObserver observer;

    ObservedNodes(NodeObserver observer) {
        this.observer = observer;
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        // The first time it is not news.
        if (!downFor.isZero()) {
            observer.observed(node.toString(), "seen UP");
        }
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        observer.observed(node.toString(), "seen DOWN: " + reason);
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        observer.observed(advisory.node().toString(), "advisory " + advisory.code());
    }
}
