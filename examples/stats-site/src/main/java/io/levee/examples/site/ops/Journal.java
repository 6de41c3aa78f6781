package io.levee.examples.site.ops;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.stereotype.Component;

/** What has happened, in plain words: the last few hundred entries. Thread-safe. */
@Component
public class Journal {
    private static final int KEPT = 300;

    /** What an entry is about. */
    public enum Kind {
        /** Something broke. */
        FAULT,
        /** Something is well again. */
        RECOVERY,
        /** Somebody pressed a button. */
        ACTION,
        /** Something to know. */
        NOTE
    }

    /** One thing that happened; {@code number} rises by one from entry to entry. */
    public record Entry(long number, Instant at, Kind kind, String text) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long written;

    synchronized void write(Kind kind, String text) {
        entries.addLast(new Entry(++written, Instant.now(), kind, text));
        if (entries.size() > KEPT) {
            entries.removeFirst();
        }
    }

    /** Those after that number, oldest first. */
    synchronized List<Entry> after(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }
}
