package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The figures of every phase and client. */
final class PhaseTable {
    private static final List<String> HEADINGS = List.of(
            "Served/s", "p50", "p99", "Slowest", "Errors", "DB queries/s", "Stats queries", "Offered/s", "Nodes up");

    private final List<ClientRun> runs;
    private final List<Look> looks;

    PhaseTable(List<ClientRun> runs, List<Look> looks) {
        this.runs = runs;
        this.looks = looks;
    }

    boolean isEmpty() {
        return runs.stream().allMatch(run -> run.phases().isEmpty());
    }

    void write(Markup page) {
        // A region that scrolls has to be reachable by the keyboard, and named.
        page.open("div", "class", "scroll", "role", "region", "aria-labelledby", "phases-caption", "tabindex", "0");
        page.open("table", "class", "figures");
        page.leaf(
                "caption",
                "Latencies are over all requests of the phase; stats queries are of those that the period of the stats pages allows",
                "id",
                "phases-caption");
        page.open("thead").open("tr").leaf("th", "Client", "scope", "col");
        for (String heading : HEADINGS) {
            page.leaf("th", heading, "scope", "col", "class", "number");
        }
        page.close().close().newline();
        for (String phase : phases()) {
            group(page, phase);
        }
        page.close().close().newline();
    }

    private void group(Markup page, String name) {
        boolean named = false;
        page.open("tbody");
        for (int i = 0; i < runs.size(); i++) {
            for (PhaseSummary phase : runs.get(i).phases()) {
                if (phase.phase().equals(name)) {
                    if (!named) {
                        page.open("tr").open("th", "scope", "rowgroup", "colspan", "" + (1 + HEADINGS.size()));
                        page.open("span", "class", "stays").text(name + " ");
                        page.leaf("span", Quantity.duration(phase.seconds()), "class", "aside");
                        page.close().close().close().newline();
                        named = true;
                    }
                    row(page, looks.get(i), phase);
                }
            }
        }
        page.close();
    }

    private static void row(Markup page, Look look, PhaseSummary phase) {
        page.open("tr").open("th", "scope", "row");
        look.tag(page);
        page.close();
        for (String figure : List.of(
                Quantity.rate(phase.servedPerSecond()),
                Quantity.millis(phase.p50Millis()),
                Quantity.millis(phase.p99Millis()),
                Quantity.millis(phase.maxMillis()),
                Quantity.count(phase.errors()),
                Quantity.rate(phase.databaseQueriesPerSecond()),
                Quantity.share(phase.statsQueries(), phase.statsQueriesAllowed()),
                Quantity.rate(phase.offeredPerSecond()),
                "" + phase.nodesUp())) {
            page.leaf("td", figure, "class", "number");
        }
        page.close().newline();
        if (phase.commonestError() != null) {
            page.open("tr").open("td", "class", "error", "colspan", "" + (1 + HEADINGS.size()));
            page.leaf("span", "Commonest error: " + phase.commonestError(), "class", "stays")
                    .close();
            page.close().newline();
        }
    }

    private Set<String> phases() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> run.phases().forEach(phase -> names.add(phase.phase())));
        return names;
    }
}
