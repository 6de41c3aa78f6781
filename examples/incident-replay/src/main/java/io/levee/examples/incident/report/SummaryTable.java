package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import io.levee.examples.incident.timeline.Replay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of each phase and client as plain text for the end of a console run. Never coloured, and plain ASCII. */
public final class SummaryTable {
    private static final int NARROWEST = 80;
    private static final int SHORTEST_NAME = 6;
    private static final String GAP = "  ";
    private static final List<String> HEADINGS =
            List.of("", "nodes up", "served/s", "p50", "p99", "errors", "db q/s", "stats q");

    private SummaryTable() {}

    /**
     * Renders the table.
     *
     * @param width columns that no line may pass; less than 80 counts as 80
     */
    public static String render(Replay replay, int width) {
        int limit = Math.max(width, NARROWEST);
        Map<String, List<List<String>>> phases = rowsByPhase(replay);
        StringBuilder text = new StringBuilder();
        if (phases.isEmpty()) {
            text.append("No phase was measured.\n");
        } else {
            int[] widths = widths(phases, limit);
            text.append(line(HEADINGS, widths));
            phases.forEach((phase, rows) -> {
                text.append(cut(phase, limit)).append('\n');
                rows.forEach(row -> text.append(line(row, widths)));
            });
        }
        if (replay.interrupted()) {
            text.append("The replay was interrupted: what came later was not measured.\n");
        }
        return text.toString();
    }

    private static Map<String, List<List<String>>> rowsByPhase(Replay replay) {
        Map<String, List<List<String>>> phases = new LinkedHashMap<>();
        for (ClientRun run : replay.runs()) {
            for (PhaseSummary phase : run.phases()) {
                phases.computeIfAbsent(ascii(phase.phase()), name -> new ArrayList<>())
                        .add(row(run.client(), phase));
            }
        }
        return phases;
    }

    private static List<String> row(String client, PhaseSummary phase) {
        return List.of(
                "  " + ascii(client),
                Integer.toString(phase.nodesUp()),
                ascii(Quantity.rate(phase.servedPerSecond())),
                ascii(Quantity.millis(phase.p50Millis())),
                ascii(Quantity.millis(phase.p99Millis())),
                Quantity.count(phase.errors()),
                ascii(Quantity.rate(phase.databaseQueriesPerSecond())),
                Quantity.share(phase.statsQueries(), phase.statsQueriesAllowed()));
    }

    // Figures are never cut, since a cut figure is a wrong one: the names give way.
    private static int[] widths(Map<String, List<List<String>>> phases, int limit) {
        int[] widths = HEADINGS.stream().mapToInt(String::length).toArray();
        int total = GAP.length() * (widths.length - 1);
        for (int i = 0; i < widths.length; i++) {
            for (List<List<String>> rows : phases.values()) {
                for (List<String> row : rows) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            }
            total += widths[i];
        }
        widths[0] = Math.max(SHORTEST_NAME, widths[0] - Math.max(0, total - limit));
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        String name = cut(cells.get(0), widths[0]);
        StringBuilder line = new StringBuilder(name).append(" ".repeat(widths[0] - name.length()));
        for (int i = 1; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(GAP).append(" ".repeat(widths[i] - cell.length())).append(cell);
        }
        return line.append('\n').toString();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "~";
    }

    // The console's charset is not known here; an unknown figure or a foreign letter must not break the columns.
    private static String ascii(String text) {
        return text.replace('–', '-').replaceAll("[^\\x20-\\x7E]", "?");
    }
}
