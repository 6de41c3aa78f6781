package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * An event of one client's run, or the same event of several: the script does the same to all of them.
 *
 * @param number as marked on the plots; 0 for what a client noticed, which is told in the log only
 * @param runs the places of the runs that it is an event of
 */
record Happening(int number, Event event, List<Integer> runs) {
    // Each client's script runs on its own clock, so that one fault may come a little later to one of them.
    private static final double SAME_SECONDS = 1.5;

    static List<Happening> ofAll(List<ClientRun> runs) {
        record Told(Event event, TreeSet<Integer> runs) {}
        List<Told> told = new ArrayList<>();
        for (int run = 0; run < runs.size(); run++) {
            for (Event event : runs.get(run).events()) {
                int teller = run;
                told.stream()
                        .filter(other ->
                                isSame(other.event(), event) && !other.runs().contains(teller))
                        .findFirst()
                        .orElseGet(() -> {
                            Told first = new Told(event, new TreeSet<>());
                            told.add(first);
                            return first;
                        })
                        .runs()
                        .add(teller);
            }
        }
        told.sort(Comparator.comparingDouble(one -> one.event().atSeconds()));
        List<Happening> happenings = new ArrayList<>();
        int number = 0;
        for (Told one : told) {
            boolean marked = one.event().kind() != Event.Kind.OBSERVED;
            happenings.add(new Happening(marked ? ++number : 0, one.event(), List.copyOf(one.runs())));
        }
        return List.copyOf(happenings);
    }

    boolean isMarked() {
        return number > 0;
    }

    boolean isFault() {
        return event.kind() == Event.Kind.FAULT;
    }

    private static boolean isSame(Event one, Event other) {
        return one.kind() == other.kind()
                && one.text().equals(other.text())
                && Objects.equals(one.node(), other.node())
                && Math.abs(one.atSeconds() - other.atSeconds()) <= SAME_SECONDS;
    }
}
