package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What went on while the figures were taken, and is drawn behind every plot: the phases, the marked events and the nodes'
 * states.
 *
 * @param nodes one group of rows if the nodes of all clients fared alike, else one group a client
 */
record Course(double endSeconds, List<Span<String>> phases, List<Happening> happenings, List<NodeGroup> nodes) {
    /** A value that held from one moment to another. */
    record Span<T>(double from, double to, T value) {}

    /**
     * The nodes of one client, or of all.
     *
     * @param run the place of the run, -1 for all
     */
    record NodeGroup(int run, List<List<Span<NodeStatus>>> rows) {}

    // Each client's run has its own clock, and its samples are a second apart.
    private static final double TOGETHER_SECONDS = 1.6;
    private static final double CLOCK_SECONDS = 0.3;

    static Course of(List<ClientRun> runs) {
        List<Happening> happenings = Happening.ofAll(runs);
        List<Double> marks = happenings.stream()
                .filter(Happening::isMarked)
                .map(happening -> happening.event().atSeconds())
                .toList();
        double end = 1;
        for (ClientRun run : runs) {
            for (Sample sample : run.samples()) {
                end = Math.max(end, sample.atSeconds());
            }
        }
        for (double mark : marks) {
            end = Math.max(end, mark);
        }
        List<Span<String>> phases = runs.stream()
                .max(Comparator.comparingInt(run -> run.samples().size()))
                .map(run -> spans(run, Sample::phase, marks))
                .orElse(List.of());
        return new Course(end, phases, happenings, nodes(runs, marks));
    }

    /** The phase of a moment, or nothing if there were no phases. */
    String phaseAt(double seconds) {
        String phase = "";
        for (Span<String> span : phases) {
            if (span.from() < seconds || phase.isEmpty()) {
                phase = span.value();
            }
        }
        return phase;
    }

    /** Before it counts, a cache has to fill: what a run is judged by begins after that. */
    static boolean isWarmUp(String phase) {
        return phase.toLowerCase(Locale.ROOT).startsWith("warm");
    }

    private static List<NodeGroup> nodes(List<ClientRun> runs, List<Double> marks) {
        List<NodeGroup> groups = new ArrayList<>();
        for (int run = 0; run < runs.size(); run++) {
            NodeGroup group = new NodeGroup(run, rows(runs.get(run), marks));
            if (!group.rows().isEmpty()) {
                groups.add(group);
            }
        }
        if (groups.isEmpty()) {
            return List.of();
        }
        NodeGroup longest = groups.stream()
                .max(Comparator.comparingInt(
                        group -> group.rows().stream().mapToInt(List::size).sum()))
                .orElseThrow();
        boolean alike = groups.stream().allMatch(group -> isAlike(group.rows(), longest.rows()));
        return alike ? List.of(new NodeGroup(-1, longest.rows())) : List.copyOf(groups);
    }

    private static List<List<Span<NodeStatus>>> rows(ClientRun run, List<Double> marks) {
        int nodes = run.samples().stream()
                .mapToInt(sample -> sample.nodes().size())
                .min()
                .orElse(0);
        List<List<Span<NodeStatus>>> rows = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            int node = i;
            rows.add(spans(run, sample -> sample.nodes().get(node), marks));
        }
        return rows;
    }

    // A run that was cut short is like another as far as it went.
    private static boolean isAlike(List<List<Span<NodeStatus>>> one, List<List<Span<NodeStatus>>> longest) {
        if (one.size() != longest.size()) {
            return false;
        }
        for (int node = 0; node < one.size(); node++) {
            List<Span<NodeStatus>> left = one.get(node);
            List<Span<NodeStatus>> right = longest.get(node);
            if (left.size() > right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i).value() != right.get(i).value()
                        || Math.abs(left.get(i).from() - right.get(i).from()) > TOGETHER_SECONDS) {
                    return false;
                }
            }
            double end = left.get(left.size() - 1).to();
            if (left.size() < right.size() && end > right.get(left.size()).from() + TOGETHER_SECONDS) {
                return false;
            }
        }
        return true;
    }

    private static <T> List<Span<T>> spans(ClientRun run, Function<Sample, T> aspect, List<Double> marks) {
        List<Span<T>> spans = new ArrayList<>();
        double from = 0;
        double previous = 0;
        T value = null;
        for (Sample sample : run.samples()) {
            T next = aspect.apply(sample);
            if (value != null && !next.equals(value)) {
                double changed = Math.max(from, between(previous, sample.atSeconds(), marks));
                spans.add(new Span<>(from, changed, value));
                from = changed;
            }
            value = next;
            previous = sample.atSeconds();
        }
        if (value != null) {
            spans.add(new Span<>(from, previous, value));
        }
        return List.copyOf(spans);
    }

    /** The moment of the event that lies between two samples, or the first sample's if there is none. */
    private static double between(double before, double after, List<Double> marks) {
        return marks.stream()
                .filter(mark -> mark > before - CLOCK_SECONDS && mark < after + CLOCK_SECONDS)
                .findFirst()
                .orElse(before);
    }
}
