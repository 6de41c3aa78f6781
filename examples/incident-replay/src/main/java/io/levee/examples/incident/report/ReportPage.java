package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.ClientRun;
import io.levee.examples.incident.timeline.Replay;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page from top to bottom: what happened, the key figures, the plots, the figures of each phase, the events, the settings. */
final class ReportPage {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Replay replay;
    private final List<ClientRun> runs;
    private final List<Look> looks;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Course course;
    private final List<Plot> plots;
    private final Markup page = new Markup();

    ReportPage(Replay replay) {
        this.replay = replay;
        this.runs = replay.runs();
        this.looks = Look.ofAll(runs);
        this.course = Course.of(runs);
        this.plots = new Plots(runs, looks).all();
        for (int i = 0; i < runs.size(); i++) {
            Verdict.of(looks.get(i), runs.get(i)).ifPresent(verdicts::add);
        }
    }

    String render() {
        page.trusted("<!DOCTYPE html>\n");
        page.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        head();
        page.open("body");
        patterns();
        header();
        page.open("main");
        keyFigures();
        plots();
        phases();
        events();
        settings();
        page.close();
        footer();
        if (hasSamples()) {
            page.open("script", "type", "application/json", "id", "replay-data");
            page.trusted(ReplayData.json(runs, looks)).close();
            page.open("script").trusted(Asset.named("report.js").text()).close();
        }
        page.close().close();
        return page.newline().toString();
    }

    private void head() {
        Asset styles = Asset.named("report.css");
        String policy = "default-src 'none'; style-src " + styles.policySource() + "; script-src "
                + Asset.named("report.js").policySource();
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.leaf("title", "Incident replay “" + replay.scenario() + "”: " + Look.joinedNames(looks));
        page.open("style").trusted(styles.text()).close().close().newline();
    }

    /** The hatchings of the nodes' bars, which all drawings share. */
    private void patterns() {
        page.open("svg", "class", "patterns", "width", "0", "height", "0", "aria-hidden", "true")
                .open("defs");
        page.open("pattern", "id", "hatch", "width", "6", "height", "6", "patternUnits", "userSpaceOnUse");
        page.empty("rect", "class", "hatch-ground", "width", "6", "height", "6");
        page.empty("path", "class", "hatch-line", "d", "M-1 5L5 -1M1 7L7 1").close();
        page.open("pattern", "id", "dots", "width", "5", "height", "5", "patternUnits", "userSpaceOnUse");
        page.empty("rect", "class", "dots-ground", "width", "5", "height", "5");
        page.empty("circle", "class", "dots-dot", "cx", "2.5", "cy", "2.5", "r", "1.1")
                .close();
        page.close().close().newline();
    }

    private void header() {
        page.open("header");
        page.leaf("p", "Levee incident replay · scenario “" + replay.scenario() + "”", "class", "overline");
        page.leaf("h1", Quantity.unbroken(Headline.of(replay, verdicts)));
        if (replay.interrupted()) {
            String until = hasSamples() ? " after " + Quantity.duration(course.endSeconds()) : "";
            page.open("p", "class", "notice", "role", "note").leaf("b", "Interrupted" + until + ".");
            page.text(" What follows is what had been measured by then; later phases are missing.")
                    .close();
        }
        int most = verdicts.stream().mapToInt(Verdict::phases).max().orElse(0);
        for (Verdict verdict : verdicts) {
            page.open("p", "class", "lede");
            page.leaf(
                    "b",
                    verdict.look().name(),
                    "class",
                    "client-name " + verdict.look().cssClass());
            page.text(Quantity.unbroken(verdict.sentence(most))).close();
        }
        page.open("p", "class", "aside");
        page.text("Run on " + DATE.format(replay.startedAt()) + " on " + replay.machine() + ".")
                .close();
        page.close().newline();
    }

    private void keyFigures() {
        if (!verdicts.isEmpty()) {
            section("key-figures", "Key figures");
            new KeyFigures(verdicts).write(page);
            page.close().newline();
        }
    }

    private void plots() {
        section("plots", "Second by second");
        if (!hasSamples()) {
            page.leaf("p", "There is no second to plot.").close();
            return;
        }
        // The script fills and shows it: without one there is nothing to read off.
        page.open("div", "id", "readout", "hidden", "hidden");
        page.open("label").text("Read off a second ");
        page.empty("input", "id", "second", "type", "range", "min", "0", "max", "0", "value", "0", "step", "1");
        page.close().open("div", "id", "readout-figures").close().close().newline();
        NodeFigure.write(page, course, looks);
        for (Plot plot : plots) {
            page.open("figure", "id", plot.id()).open("figcaption");
            page.leaf("h3", plot.title())
                    .leaf("p", Quantity.unbroken(plot.finding()))
                    .close();
            for (Breadth breadth : Breadth.values()) {
                plot.draw(page, course, looks, breadth);
            }
            page.close().newline();
        }
        page.close().newline();
    }

    private void phases() {
        PhaseTable table = new PhaseTable(runs, looks);
        if (!table.isEmpty()) {
            section("phases", "Phase by phase");
            table.write(page);
            page.close().newline();
        }
    }

    private void events() {
        section("events", "What happened when");
        new EventLog(course.happenings(), looks).write(page);
        page.close().newline();
    }

    private void settings() {
        section("settings", "Settings, and how to repeat it");
        page.leaf("p", "In a checkout of Levee:");
        page.open("pre").leaf("code", Repetition.command(replay)).close();
        if (!replay.settings().isEmpty()) {
            page.open("dl", "class", "settings");
            replay.settings()
                    .forEach((name, value) -> page.open("div")
                            .leaf("dt", name)
                            .leaf("dd", Optional.ofNullable(value).orElse(""))
                            .close());
            page.close();
        }
        page.close().newline();
    }

    private void footer() {
        page.open("footer");
        page.text("p50 and p99: half, and all but one in a hundred, of the requests were answered faster. ");
        page.text("Times are counted from the start of each client’s run.")
                .close()
                .newline();
    }

    private void section(String id, String heading) {
        page.open("section", "aria-labelledby", id + "-heading").leaf("h2", heading, "id", id + "-heading");
    }

    private boolean hasSamples() {
        return runs.stream().anyMatch(run -> !run.samples().isEmpty());
    }
}
