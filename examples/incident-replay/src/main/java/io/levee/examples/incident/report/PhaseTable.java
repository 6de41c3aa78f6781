package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The figures of every phase and client. */
final class PhaseTable {
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
        boolean failed =
                runs.stream().flatMap(run -> run.phases().stream()).anyMatch(phase -> phase.commonestError() != null);
        // A region that scrolls has to be reachable by the keyboard, and named.
        page.open("div", "class", "scroll", "role", "region", "aria-labelledby", "phases-caption", "tabindex", "0");
        page.open("table", "class", "figures");
        page.leaf("caption", "Each phase and client; latencies over all requests of the phase", "id", "phases-caption");
        page.open("thead").open("tr");
        page.leaf("th", "Phase", "scope", "col").leaf("th", "Client", "scope", "col");
        for (String heading : List.of(
                "Nodes up",
                "Served/s",
                "Offered/s",
                "p50",
                "p99",
                "Slowest",
                "Errors",
                "DB queries/s",
                "Stats queries")) {
            page.leaf("th", heading, "scope", "col", "class", "number");
        }
        if (failed) {
            page.leaf("th", "Commonest error", "scope", "col");
        }
        page.close().close().newline();
        for (String phase : phases()) {
            group(page, phase, failed);
        }
        page.close().close().newline();
    }

    private void group(Markup page, String name, boolean failed) {
        record Row(Look look, PhaseSummary phase) {}
        List<Row> rows = IntStream.range(0, runs.size())
                .boxed()
                .flatMap(i -> runs.get(i).phases().stream()
                        .filter(phase -> phase.phase().equals(name))
                        .map(phase -> new Row(looks.get(i), phase)))
                .toList();
        page.open("tbody");
        for (int i = 0; i < rows.size(); i++) {
            page.open("tr");
            if (i == 0) {
                page.open("th", "scope", "rowgroup", "rowspan", "" + rows.size());
                page.text(name).text(" ");
                page.leaf("span", Quantity.duration(rows.get(0).phase().seconds()), "class", "aside");
                page.close();
            }
            row(page, rows.get(i).look(), rows.get(i).phase(), failed);
            page.close().newline();
        }
        page.close();
    }

    private static void row(Markup page, Look look, PhaseSummary phase, boolean failed) {
        page.open("th", "scope", "row");
        look.tag(page);
        page.close();
        for (String figure : List.of(
                "" + phase.nodesUp(),
                Quantity.rate(phase.servedPerSecond()),
                Quantity.rate(phase.offeredPerSecond()),
                Quantity.millis(phase.p50Millis()),
                Quantity.millis(phase.p99Millis()),
                Quantity.millis(phase.maxMillis()),
                Quantity.count(phase.errors()),
                Quantity.rate(phase.databaseQueriesPerSecond()),
                Quantity.count(phase.statsQueries()))) {
            page.leaf("td", figure, "class", "number");
        }
        if (failed) {
            page.leaf("td", phase.commonestError() == null ? "" : phase.commonestError(), "class", "error");
        }
    }

    private Set<String> phases() {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> run.phases().forEach(phase -> names.add(phase.phase())));
        return names;
    }
}
