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
 * <p>Thread-safe without a lock: an advisory of a node is raised and cleared by that node's supervisor alone, one of a cache on the
 * client's timer thread, and the removal of a node, on another thread, removes each entry by one atomic step that only one thread can win.
 */
final class Advisories {
    private record Subject(String subject, Advisory.Code code) {
        static Subject of(Advisory advisory) {
            return new Subject(advisory.subject(), advisory.code());
        }
    }

    private final TimeSource time;
    private final CacheListener listener;
    private final Map<Subject, Advisory> standing = new ConcurrentHashMap<>();

    Advisories(TimeSource time, CacheListener listener) {
        this.time = time;
        this.listener = listener;
    }

    void raise(Advisory.Code code, NodeAddress node, String detail) {
        raise(new Advisory(code, node, detail, now()));
    }

    void raise(Advisory.Code code, String cache, String detail) {
        raise(Advisory.ofCache(code, cache, detail, now()));
    }

    private void raise(Advisory news) {
        Advisory known = standing.get(Subject.of(news));
        Advisory advisory = known == null
                ? news
                : new Advisory(news.code(), news.node(), news.cache(), news.detail(), known.since());
        standing.put(Subject.of(news), advisory);
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
        clear(Subject.of(new Advisory(code, node, "", now())));
    }

    void clear(Advisory.Code code, String cache) {
        clear(Subject.of(Advisory.ofCache(code, cache, "", now())));
    }

    private void clear(Subject subject) {
        Advisory cleared = standing.remove(subject);
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
                        .thenComparing(Advisory::subject))
                .toList();
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.millis());
    }
}
