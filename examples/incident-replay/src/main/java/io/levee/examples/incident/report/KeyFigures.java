package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.PhaseSummary;
import java.util.List;
import java.util.function.Function;

/** The handful of figures that say most, each for all clients. */
final class KeyFigures {
    private final List<Verdict> verdicts;

    KeyFigures(List<Verdict> verdicts) {
        this.verdicts = verdicts;
    }

    void write(Markup page) {
        page.open("div", "class", "cards");
        card(
                page,
                "Served in the worst phase",
                "requests/s",
                verdict -> Quantity.rate(verdict.worst().servedPerSecond()));
        card(
                page,
                "Highest p99 of a phase",
                "",
                verdict -> Quantity.millis(verdict.slowest().p99Millis()));
        card(page, "Requests that failed", "", verdict -> Quantity.count(verdict.errors()));
        card(page, "Most database queries at once", "", verdict -> Quantity.count(verdict.mostQueriesAtOnce()));
        card(
                page,
                "Database in its busiest phase",
                "queries/s",
                verdict -> Quantity.rate(verdict.mostQueriesPerSecond()));
        if (verdicts.stream().anyMatch(verdict -> verdict.dark() != null)) {
            card(page, "Stats queries with every node down", "that the period allows", KeyFigures::statsInTheDark);
        }
        page.close();
    }

    private static String statsInTheDark(Verdict verdict) {
        PhaseSummary dark = verdict.dark();
        return dark == null ? "–" : Quantity.share(dark.statsQueries(), dark.statsQueriesAllowed());
    }

    private void card(Markup page, String title, String unit, Function<Verdict, String> figure) {
        page.open("div", "class", "card").leaf("h3", title).open("dl");
        for (Verdict verdict : verdicts) {
            page.open("dt");
            verdict.look().tag(page);
            page.close().open("dd").leaf("b", Quantity.unbroken(figure.apply(verdict)));
            if (!unit.isEmpty()) {
                page.text(" ").leaf("span", unit, "class", "aside");
            }
            page.close();
        }
        page.close().close();
    }
}
