package io.levee.examples.consistency;

import io.levee.examples.consistency.check.Violation;
import io.levee.examples.consistency.history.Event;
import io.levee.examples.consistency.history.Event.Clear;
import io.levee.examples.consistency.history.Event.Load;
import io.levee.examples.consistency.history.Event.Read;
import io.levee.examples.consistency.history.Event.Write;
import io.levee.examples.consistency.history.Event.WriteFailure;
import io.levee.examples.consistency.history.Fault;
import io.levee.examples.consistency.history.History;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run did and saw, in numbers. */
final class Summary {
    private Summary() {}

    static String of(History history, List<Violation> violations) {
        Map<String, Integer> calls = new TreeMap<>();
        Map<String, Integer> sources = new TreeMap<>();
        Map<String, Integer> loads = new TreeMap<>();
        int failed = 0;
        int unwritten = 0;
        List<Event> events = history.processes().stream()
                .flatMap(process -> process.events().stream())
                .toList();
        for (Event event : events) {
            if (event instanceof Read read) {
                count(calls, read.call());
                failed += read.error().isEmpty() ? 0 : 1;
                if (!read.source().isEmpty()) {
                    count(sources, read.source());
                }
            } else if (event instanceof Write write) {
                count(calls, write.call());
            } else if (event instanceof Clear) {
                count(calls, "clear");
            } else if (event instanceof Load load) {
                count(loads, load.failed() ? "failed" : "done");
            } else if (event instanceof WriteFailure) {
                unwritten++;
            }
        }
        Map<String, Integer> rules = new TreeMap<>();
        violations.forEach(violation -> count(rules, violation.rule().toString()));
        StringBuilder text = new StringBuilder();
        row(text, "calls", words(calls) + "; " + failed + " threw");
        row(text, "lookups from", words(sources));
        row(text, "loads", words(loads));
        row(
                text,
                "versions",
                String.format(Locale.ROOT, "%,d committed", history.commits().size()));
        row(text, "processes", Integer.toString(history.processes().size()));
        row(text, "unwritten", unwritten + " writes and fills that their node did not take");
        for (Fault fault : history.faults()) {
            row(
                    text,
                    "fault",
                    String.format(
                            Locale.ROOT,
                            "%7.3f - %7.3f s  %s",
                            (fault.start() - history.start()) / 1e9,
                            (fault.end() - history.start()) / 1e9,
                            fault.what()));
        }
        row(text, "violations", violations.isEmpty() ? "none" : words(rules));
        return text.toString();
    }

    private static void count(Map<String, Integer> counts, String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private static String words(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-14s%s%n", name, value));
    }
}
