package io.levee.examples.site.ops;

import io.levee.cache.discovery.NodeAddress;
import io.levee.cache.monitor.Advisory;
import io.levee.cache.monitor.CacheListener;
import io.levee.examples.site.ops.Journal.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Writes what Levee tells of its nodes and loads into the journal. What may come in floods is written at most once in five seconds. */
@Component
class EventWriter implements CacheListener {
    private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

    private final Journal journal;
    private final NodeNames names;
    private final Map<String, Long> writtenNanos = new ConcurrentHashMap<>();

    EventWriter(Journal journal, NodeNames names) {
        this.journal = journal;
        this.names = names;
    }

    @Override
    public void nodeUp(NodeAddress node, Duration downFor) {
        String name = name(node);
        if (downFor.isZero()) {
            journal.write(Kind.RECOVERY, name + " is in use.");
        } else {
            journal.write(Kind.RECOVERY, name + " answers again and is back in use, after " + brief(downFor) + ".");
        }
    }

    @Override
    public void nodeDown(NodeAddress node, String reason) {
        journal.write(
                Kind.FAULT,
                name(node) + " is out of use: " + reason + ". Its keys come from the site's own memory and from a few"
                        + " loads at a time until it is back.");
    }

    @Override
    public void nodeRefilled(NodeAddress node, int stored, int present) {
        journal.write(
                Kind.RECOVERY,
                name(node) + " came back empty and was given " + stored + " values that the site still had"
                        + (present == 0 ? "." : "; " + present + " were there already."));
    }

    @Override
    public void advisoryRaised(Advisory advisory) {
        journal.write(Kind.NOTE, subject(advisory) + ": " + advisory.detail() + ".");
    }

    @Override
    public void roundMissed(String cache, int late, int of, String reason) {
        journal.write(Kind.NOTE, "Not all of " + cache + " could be kept warm in the past period: " + reason + ".");
    }

    @Override
    public void loadFailed(String cache, String key, Throwable cause, Duration took) {
        inFloods(
                "failed " + cache,
                Kind.FAULT,
                "The database did not answer for " + cache + ": " + cause.getMessage()
                        + ". Older values are shown where" + " there are any.");
    }

    @Override
    public void loadRejected(String cache, String key, int running) {
        inFloods(
                "rejected " + cache,
                Kind.NOTE,
                "Levee keeps loads of " + cache + " from the database, which has " + running + " of them already.");
    }

    private void inFloods(String what, Kind kind, String text) {
        long nowNanos = System.nanoTime();
        boolean due = writtenNanos.compute(
                        what, (key, last) -> last != null && nowNanos - last < QUIET_NANOS ? last : nowNanos)
                == nowNanos;
        if (due) {
            journal.write(kind, text);
        }
    }

    private String subject(Advisory advisory) {
        return advisory.node() == null ? "Cache " + advisory.cache() : name(advisory.node());
    }

    private String name(NodeAddress node) {
        return capital(names.of(node.toString()));
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String brief(Duration time) {
        return time.toSeconds() < 10
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                : time.toSeconds() + " s";
    }
}
