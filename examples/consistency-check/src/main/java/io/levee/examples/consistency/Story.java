package io.levee.examples.consistency;

import io.levee.examples.consistency.check.Duty;
import io.levee.examples.consistency.check.Violation;
import io.levee.examples.consistency.history.Commit;
import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.NodeChange;
import io.levee.examples.consistency.history.Event.OfItem;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Event.WriteFailure;
import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.history.History;
import io.levee.examples.consistency.history.ProcessHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells a violation in plain words: the rule, the write, the read, the faults around them, and what else happened to the item. */
final class Story {
    private static final long AROUND_NANOS = 3_000_000_000L;
    private static final int MOST_LINES = 24;

    private final History history;

    Story(History history) {
        this.history = history;
    }

    String of(Violation violation) {
        StringBuilder story = new StringBuilder();
        line(story, "VIOLATION " + violation.rule() + ": " + violation.rule().sentence());
        Read read = violation.read();
        if (read == null) {
            line(story, "  " + violation.process() + ": " + violation.detail());
            return story.toString();
        }
        Duty duty = violation.duty();
        if (duty != null) {
            line(
                    story,
                    "  write   " + span(duty.start(), duty.end()) + "  " + duty.process() + " " + duty.call() + " "
                            + duty.item() + ", version " + duty.version());
        }
        line(
                story,
                "  read    " + span(read.start(), read.end()) + "  " + violation.process() + " " + told(read)
                        + (duty == null ? "" : late(read, duty)));
        if (!violation.detail().isEmpty()) {
            line(story, "          " + violation.detail());
        }
        int node = history.node(read.item());
        line(story, "  node    " + (node == Fault.EVERY_NODE ? "not known" : Integer.toString(node)));
        long from = (duty == null ? read.start() : duty.start()) - AROUND_NANOS;
        List<Fault> faults = history.faults().stream()
                .filter(fault -> fault.start() <= read.end() && fault.end() >= from)
                .toList();
        faults.forEach(fault -> line(story, "  fault   " + span(fault.start(), fault.end()) + "  " + fault.what()));
        if (faults.isEmpty()) {
            line(story, "  fault   none from 3 s before the write on");
        }
        around(read, duty, violation.process()).forEach(event -> line(story, "  " + event));
        return story.toString();
    }

    /** What happened to the item from before the version came to be that was read, to the read. */
    private List<String> around(Read read, Duty duty, String reader) {
        record Line(long at, String text) {}
        long from = (duty == null ? read.start() : duty.start()) - AROUND_NANOS / 10;
        List<Line> lines = new ArrayList<>();
        for (Commit commit : history.commits()) {
            if (commit.item().equals(read.item()) && commit.end() >= from && commit.start() <= read.end()) {
                lines.add(new Line(
                        commit.start(),
                        "history " + span(commit.start(), commit.end()) + "  " + commit.process() + " commits version "
                                + commit.version()));
            }
        }
        for (ProcessHistory process : history.processes()) {
            for (Event event : process.events()) {
                boolean around = event.end() >= from && event.start() <= read.end();
                String text =
                        around ? told(event, read.item(), process.process().equals(reader)) : "";
                if (!text.isEmpty()) {
                    lines.add(new Line(
                            event.start(),
                            "history " + span(event.start(), event.end()) + "  " + process.process() + " " + text));
                }
            }
        }
        lines.sort(Comparator.comparingLong(Line::at));
        List<String> texts = lines.stream().map(Line::text).collect(Collectors.toCollection(ArrayList::new));
        while (texts.size() > MOST_LINES) {
            texts.remove(MOST_LINES / 2);
        }
        return texts;
    }

    /** Of other processes' reads only loads are told, which is what can land late. */
    private String told(Event event, String item, boolean reader) {
        if (event instanceof OfItem ofItem && !ofItem.item().equals(item)) {
            return "";
        }
        if (event instanceof Read read) {
            return reader ? told(read) : "";
        }
        if (event instanceof Write write) {
            return write.call() + ", version " + write.version();
        }
        if (event instanceof Load load) {
            return load.failed() ? "failed to load" : "loaded version " + load.version();
        }
        if (event instanceof WriteFailure failure) {
            return "heard that a write failed: " + failure.reason();
        }
        if (event instanceof Clear clear && item.startsWith(clear.cache() + "/")) {
            return "cleared " + clear.cache();
        }
        return event instanceof NodeChange change && change.node() == history.node(item)
                ? "heard that node " + change.node() + " is " + (change.up() ? "up" : "down: " + change.reason())
                : "";
    }

    private static String told(Read read) {
        if (!read.error().isEmpty()) {
            return read.call() + " " + read.item() + " failed: " + read.error();
        }
        String age = read.ageNanos() < 0 ? "" : String.format(Locale.ROOT, ", %.3f s old", read.ageNanos() / 1e9);
        return read.call() + " " + read.item() + " got " + (read.hasValue() ? "version " + read.version() : "nothing")
                + (read.source().isEmpty() ? "" : " from " + read.source()) + age;
    }

    private static String late(Read read, Duty duty) {
        return String.format(Locale.ROOT, ", %.3f s after the write", (read.start() - duty.end()) / 1e9);
    }

    /** Seconds since the run began. */
    private String span(long start, long end) {
        return String.format(
                Locale.ROOT, "%8.4f - %8.4f s", (start - history.start()) / 1e9, (end - history.start()) / 1e9);
    }

    private static void line(StringBuilder story, String text) {
        story.append(text).append('\n');
    }
}
