package io.levee.examples.incident.report;

import io.levee.examples.incident.timeline.Event;
import java.util.List;
import java.util.Locale;

/** What happened, in the order of time; the numbers are those above the plots. */
final class EventLog {
    private static final int AT_ONCE = 60;

    private final List<Happening> happenings;
    private final List<Look> looks;

    EventLog(List<Happening> happenings, List<Look> looks) {
        this.happenings = happenings;
        this.looks = looks;
    }

    void write(Markup page) {
        if (happenings.isEmpty()) {
            page.leaf("p", "No event was recorded.");
            return;
        }
        int first = happenings.size() <= AT_ONCE + AT_ONCE / 4 ? happenings.size() : AT_ONCE;
        table(page, happenings.subList(0, first), "Events; the numbers are those above the plots");
        if (first < happenings.size()) {
            page.open("details");
            page.leaf("summary", "The other " + (happenings.size() - first) + " events");
            table(page, happenings.subList(first, happenings.size()), "The other events");
            page.close();
        }
    }

    private void table(Markup page, List<Happening> rows, String caption) {
        page.open("table", "class", "events");
        page.leaf("caption", caption);
        page.open("thead").open("tr");
        page.leaf("th", "No.", "scope", "col", "class", "number");
        page.leaf("th", "Time", "scope", "col", "class", "number");
        page.leaf("th", "What happened", "scope", "col").leaf("th", "To whom", "scope", "col");
        page.close().close().open("tbody");
        for (Happening happening : rows) {
            row(page, happening);
        }
        page.close().close().newline();
    }

    private void row(Markup page, Happening happening) {
        Event event = happening.event();
        page.open("tr", "class", event.kind().name().toLowerCase(Locale.ROOT));
        page.open("td", "class", "number");
        if (happening.isMarked()) {
            boolean fault = event.kind() == Event.Kind.FAULT;
            page.leaf("span", "" + happening.number(), "class", fault ? "pill fault" : "pill");
        }
        page.close();
        page.leaf("td", Quantity.clock(event.atSeconds()), "class", "number");
        page.open("td");
        if (event.node() != null) {
            page.leaf("b", event.node()).text(" ");
        }
        page.text(event.text()).close();
        page.open("td", "class", "whom");
        if (happening.runs().size() == looks.size() && looks.size() > 1) {
            page.leaf("span", looks.size() == 2 ? "both" : "all", "class", "aside");
        } else {
            happening.runs().forEach(run -> looks.get(run).tag(page));
        }
        page.close().close().newline();
    }
}
