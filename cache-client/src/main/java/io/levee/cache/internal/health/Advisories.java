package io.levee.cache.internal.health;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.internal.time.TimeSource;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The advisories that stand. Raising one is one event, clearing it another; saying again what is known only brings its numbers
 * up to date.
 *
 * <p>Thread-safe without a lock: an advisory of a node is raised and cleared by that node's supervisor alone, and the removal of
 * a node, on another thread, removes each entry by one atomic step that only one thread can win.
 */
final class Advisories {
    private record Subject(String node, Advisory.Code code) {}

    private final TimeSource time;
    private final CacheListener listener;
    private final Map<Subject, Advisory> standing = new ConcurrentHashMap<>();

    Advisories(TimeSource time, CacheListener listener) {
        this.time = time;
        this.listener = listener;
    }

    void raise(Advisory.Code code, NodeAddress node, String detail) {
        Subject subject = new Subject(node.toString(), code);
        Advisory known = standing.get(subject);
        Advisory advisory = new Advisory(code, node, detail, known == null ? now() : known.since());
        standing.put(subject, advisory);
        if (known == null) {
            listener.advisoryRaised(advisory);
        }
    }

    /** As {@link #raise}, for what has happened once more: an event each time. */
    void raiseAnew(Advisory.Code code, NodeAddress node, String detail) {
        clear(code, node);
        raise(code, node, detail);
    }

    void clear(Advisory.Code code, NodeAddress node) {
        Advisory cleared = standing.remove(new Subject(node.toString(), code));
        if (cleared != null) {
            listener.advisoryCleared(cleared);
        }
    }

    void clearIfOlder(Advisory.Code code, NodeAddress node, long ageMillis) {
        Advisory known = standing.get(new Subject(node.toString(), code));
        if (known != null && time.millis() - known.since().toEpochMilli() >= ageMillis) {
            clear(code, node);
        }
    }

    void clearAll(NodeAddress node) {
        for (Advisory.Code code : Advisory.Code.values()) {
            clear(code, node);
        }
    }

    /** Oldest first. */
    List<Advisory> current() {
        return standing.values().stream()
                .sorted(Comparator.comparing(Advisory::since)
                        .thenComparing(Advisory::code)
                        .thenComparing(advisory -> advisory.node().toString()))
                .toList();
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.millis());
    }
}
