package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.NodeStatus;
import io.levee.examples.incident.timeline.Replay;
import io.levee.examples.incident.timeline.Sample;
import java.util.ArrayList;
import java.util.List;

/** The whole replay in one sentence. */
final class Headline {
    private Headline() {}

    static String of(Replay replay, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return "Nothing was measured.";
        }
        List<String> steady = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            String name = verdict.look().name();
            switch (verdict.outcome()) {
                case STEADY -> steady.add(name);
                case SLOW ->
                    parts.add(name + " slowed to a p99 of "
                            + Quantity.millis(verdict.slowest().p99Millis()) + " in “"
                            + verdict.slowest().phase() + "”");
                case FELL ->
                    parts.add(name + (verdict.worst().equals(verdict.first()) ? " served only " : " fell to ")
                            + Quantity.rate(verdict.worst().servedPerSecond()) + " requests a second");
            }
        }
        if (!steady.isEmpty()) {
            parts.add(0, joined(steady) + " kept serving");
        }
        String sentence = joined(parts) + ".";
        String nodes = nodes(replay.runs());
        if (!nodes.isEmpty()) {
            return nodes + " " + sentence;
        }
        return replay.interrupted() ? "Until it was interrupted, " + sentence : capitalised(sentence);
    }

    /** How many nodes were down at once, if that was the same for all clients. */
    private static String nodes(List<ClientRun> runs) {
        List<Integer> worst = runs.stream().map(Headline::mostDown).distinct().toList();
        int down = worst.size() == 1 ? worst.get(0) : 0;
        if (down == 0) {
            return "";
        }
        List<Sample> samples =
                runs.stream().flatMap(run -> run.samples().stream()).toList();
        int all =
                samples.stream().mapToInt(sample -> sample.nodes().size()).max().orElse(0);
        boolean killed = samples.stream().anyMatch(sample -> sample.nodes().contains(NodeStatus.KILLED));
        String share = down < all ? down + " of " + all : all == 1 ? "the only" : "all " + all;
        return "With " + share + " memcached node" + (all == 1 ? "" : "s") + (killed ? " dead," : " hung,");
    }

    private static int mostDown(ClientRun run) {
        return run.samples().stream()
                .mapToInt(sample ->
                        (int) sample.nodes().stream().filter(Headline::isDown).count())
                .max()
                .orElse(0);
    }

    private static boolean isDown(NodeStatus status) {
        return status == NodeStatus.KILLED || status == NodeStatus.HUNG;
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String joined(List<String> parts) {
        if (parts.size() < 2) {
            return String.join("", parts);
        }
        int last = parts.size() - 1;
        return String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }
}
