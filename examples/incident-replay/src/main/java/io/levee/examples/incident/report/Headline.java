package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.NodeStatus;
import java.util.ArrayList;
import java.util.List;

/** The whole replay in one sentence. */
final class Headline {
    private Headline() {}

    static String of(List<ClientRun> runs, List<Verdict> verdicts) {
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
                            + Quantity.millis(verdict.slowest().p99Millis()));
                case FELL ->
                    parts.add(name + " fell to " + Quantity.rate(verdict.worst().servedPerSecond())
                            + " requests a second");
            }
        }
        if (!steady.isEmpty()) {
            parts.add(0, joined(steady) + " kept serving");
        }
        String sentence = joined(parts) + ".";
        String nodes = nodes(runs);
        if (nodes.isEmpty()) {
            return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
        }
        return nodes + " " + sentence;
    }

    private static String nodes(List<ClientRun> runs) {
        int all = 0;
        int down = 0;
        boolean killed = false;
        for (ClientRun run : runs) {
            for (var sample : run.samples()) {
                all = Math.max(all, sample.nodes().size());
                down = Math.max(down, (int)
                        sample.nodes().stream().filter(Headline::isDown).count());
                killed |= sample.nodes().contains(NodeStatus.KILLED);
            }
        }
        if (down == 0) {
            return "";
        }
        String share = down < all ? down + " of " + all : all == 1 ? "the only" : "all " + all;
        return "With " + share + " memcached node" + (all == 1 ? "" : "s") + (killed ? " dead, " : " hung, ").strip();
    }

    private static boolean isDown(NodeStatus status) {
        return status == NodeStatus.KILLED || status == NodeStatus.HUNG;
    }

    static String joined(List<String> parts) {
        if (parts.size() < 2) {
            return String.join("", parts);
        }
        int last = parts.size() - 1;
        return String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }
}
